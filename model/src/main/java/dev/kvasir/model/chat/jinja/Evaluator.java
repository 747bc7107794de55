package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes expressions. */
final class Evaluator {

    private final RenderLimits limits;

    Evaluator(RenderLimits limits) {
        this.limits = limits;
    }

    Object value(Expr expression, Scope scope) {
        limits.enter();
        var value = switch (expression) {
            case Expr.Literal literal -> literal.value();
            case Expr.Name name -> scope.get(name.name());
            case Expr.ListOf list -> values(list.items(), scope);
            case Expr.TupleOf tuple -> new Tuple(values(tuple.items(), scope));
            case Expr.DictOf dict -> {
                var map = new Dict();
                for (int i = 0; i < dict.keys().size(); i++) {
                    map.put(value(dict.keys().get(i), scope), value(dict.values().get(i), scope));
                }
                yield map;
            }
            case Expr.Attribute attribute -> Attributes.get(value(attribute.of(), scope), attribute.name(), limits);
            case Expr.Item item -> Attributes.item(value(item.of(), scope), value(item.key(), scope), limits);
            case Expr.Slice slice -> Operators.slice(value(slice.of(), scope), bound(slice.from(), scope),
                    bound(slice.to(), scope), bound(slice.step(), scope), limits);
            case Expr.Call call -> call(call, value(call.function(), scope), arguments(call.arguments(), scope));
            case Expr.Filter filter -> Filters.apply(filter.name(), value(filter.of(), scope),
                    arguments(filter.arguments(), scope), limits);
            case Expr.Test test -> Tests.test(test.name(), value(test.of(), scope),
                    arguments(test.arguments(), scope), limits);
            case Expr.Not not -> !Values.isTrue(value(not.of(), scope));
            case Expr.And and -> {
                var left = value(and.left(), scope);
                yield Values.isTrue(left) ? value(and.right(), scope) : left;
            }
            case Expr.Or or -> {
                var left = value(or.left(), scope);
                yield Values.isTrue(left) ? left : value(or.right(), scope);
            }
            case Expr.Sign sign -> Numbers.sign(sign.operator(), value(sign.of(), scope));
            case Expr.Binary binary -> Operators.binary(binary.operator(), value(binary.left(), scope),
                    value(binary.right(), scope), limits);
            case Expr.Concat concat -> Strings.join(values(concat.parts(), scope), Text.EMPTY, limits).plain();
            case Expr.Compare compare -> compare(compare, scope);
            case Expr.Conditional conditional -> conditional(conditional, scope);
        };
        limits.leave();
        return value;
    }

    private List<Object> values(List<Expr> expressions, Scope scope) {
        var values = new ArrayList<Object>(expressions.size());
        for (var expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Object bound(@Nullable Expr expression, Scope scope) {
        return expression == null ? None.NONE : value(expression, scope);
    }

    private static Object call(Expr.Call call, Object function, CallArguments arguments) {
        return switch (function) {
            case Function callable -> callable.call(arguments);
            case Loop loop -> loop.call(arguments);
            case Undefined undefined when call.function() instanceof Expr.Attribute
                    && !undefined.problem().endsWith("unsafe") ->
                throw new JinjaException(undefined.problem()
                        + ", so it cannot be called");
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException(Values.kind(function) + " cannot be called");
        };
    }

    CallArguments arguments(Expr.Arguments arguments, Scope scope) {
        if (arguments == Expr.Arguments.NONE) {
            return CallArguments.NONE;
        }
        var positional = values(arguments.positional(), scope);
        var named = new LinkedHashMap<String, Object>();
        for (int i = 0; i < arguments.names().size(); i++) {
            named.put(arguments.names().get(i), value(arguments.named().get(i), scope));
        }
        if (arguments.more() != null) {
            positional.addAll(Values.items(value(arguments.more(), scope), limits));
        }
        if (arguments.moreNamed() != null) {
            for (var entry : Values.dict(value(arguments.moreNamed(), scope)).entries()) {
                var name = Values.text(entry.key()).toString();
                if (named.put(name, entry.value()) != null) {
                    throw new JinjaException("the argument '" + name + "' is given twice");
                }
            }
        }
        return new CallArguments(positional, named);
    }

    private boolean compare(Expr.Compare compare, Scope scope) {
        var left = value(compare.first(), scope);
        for (int i = 0; i < compare.rest().size(); i++) {
            var right = value(compare.rest().get(i), scope);
            if (!Operators.compare(compare.operators().get(i), left, right, limits)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object conditional(Expr.Conditional conditional, Scope scope) {
        if (Values.isTrue(value(conditional.condition(), scope))) {
            return value(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? Undefined.of("the value of an if without else")
                : value(conditional.otherwise(), scope);
    }
}
