package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Runs statements. One interpreter is for one rendering. */
final class Interpreter {

    /** How execution continues after a statement. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final RenderLimits limits;
    private final Evaluator evaluator;
    private StringBuilder out = new StringBuilder();
    private int loops;

    Interpreter(RenderLimits limits) {
        this.limits = limits;
        this.evaluator = new Evaluator(limits);
    }

    /** Renders a template with the names in the scope. */
    String render(List<Node> template, Scope scope) {
        run(template, scope);
        return out.toString();
    }

    private Flow run(List<Node> body, Scope scope) {
        for (var node : body) {
            Flow flow;
            try {
                limits.enter();
                flow = run(node, scope);
                limits.leave();
            } catch (JinjaException e) {
                throw e.at(node.line());
            }
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Node node, Scope scope) {
        switch (node) {
            case Node.Text text -> put(text.text());
            case Node.Output output -> put(ValueText.text(evaluator.value(output.value(), scope), limits));
            case Node.If choice -> {
                for (var branch : choice.branches()) {
                    if (Values.isTrue(evaluator.value(branch.condition(), scope))) {
                        return run(branch.body(), scope);
                    }
                }
            }
            case Node.For loop -> {
                return loop(loop, scope);
            }
            case Node.Set set -> assign(set.target(), evaluator.value(set.value(), scope), scope);
            case Node.SetBlock set -> assign(set.target(), captured(set.body(), set.filtered(), scope), scope);
            case Node.FilterBlock block ->
                put(ValueText.text(captured(block.body(), block.filtered(), scope), limits));
            case Node.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Node.CallBlock block -> put(ValueText.text(call(block, scope), limits));
            case Node.With with -> {
                var inner = new Scope(scope);
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(with.targets().get(i), evaluator.value(with.values().get(i), scope), inner);
                }
                return run(with.body(), inner);
            }
            case Node.Group group -> {
                return run(group.body(), scope);
            }
            case Node.Break _ -> {
                return Flow.BREAK;
            }
            case Node.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private void put(String text) {
        limits.grow(out.length(), text.length());
        out.append(text);
    }

    private Flow loop(Node.For loop, Scope scope) {
        var items = items(loop, scope);
        if (items.isEmpty()) {
            return run(loop.otherwise(), new Scope(scope));
        }
        loops++;
        var state = new Loop(items, loops);
        for (int i = 0; i < items.size(); i++) {
            limits.step();
            state.moveTo(i);
            var inner = new Scope(scope);
            inner.set("loop", state);
            assign(loop.target(), items.get(i), inner);
            if (run(loop.body(), inner) == Flow.BREAK) {
                break;
            }
        }
        loops--;
        return Flow.NEXT;
    }

    private List<?> items(Node.For loop, Scope scope) {
        var items = Values.items(evaluator.value(loop.items(), scope), limits);
        if (loop.filter() == null) {
            return items;
        }
        var kept = new ArrayList<Object>();
        for (var item : items) {
            limits.step();
            var inner = new Scope(scope);
            assign(loop.target(), item, inner);
            if (Values.isTrue(evaluator.value(loop.filter(), inner))) {
                kept.add(item);
            }
        }
        return kept;
    }

    private void assign(Expr.Target target, Object value, Scope scope) {
        switch (target) {
            case Expr.Target.Variable variable -> scope.set(variable.name(), value);
            case Expr.Target.Field field -> {
                if (!(scope.get(field.namespace()) instanceof Namespace namespace)) {
                    throw new JinjaException("'" + field.namespace() + "' is not a namespace");
                }
                namespace.fields().put(field.name(), value);
            }
            case Expr.Target.Several several -> {
                var values = Values.items(value, limits);
                if (values.size() != several.targets().size()) {
                    throw new JinjaException("cannot assign " + values.size() + " values to "
                            + several.targets().size() + " names");
                }
                for (int i = 0; i < values.size(); i++) {
                    assign(several.targets().get(i), values.get(i), scope);
                }
            }
        }
    }

    /** The output of statements as a string, not written to the output of the template. */
    private String text(List<Node> body, Scope scope) {
        var outer = out;
        out = new StringBuilder();
        run(body, scope);
        var text = out.toString();
        out = outer;
        return text;
    }

    private Object captured(List<Node> body, Expr filtered, Scope scope) {
        var inner = new Scope(scope);
        inner.set(Node.CAPTURED, text(body, new Scope(scope)));
        return evaluator.value(filtered, inner);
    }

    private Function macro(Node.Macro macro, Scope definition) {
        return arguments -> {
            limits.enter();
            var scope = new Scope(definition);
            bind(macro, arguments, scope);
            var text = text(macro.body(), scope);
            limits.leave();
            return text;
        };
    }

    private void bind(Node.Macro macro, CallArguments arguments, Scope scope) {
        var parameters = macro.parameters();
        var named = new LinkedHashMap<Object, Object>(arguments.named());
        int firstDefault = parameters.size() - macro.defaults().size();
        for (int i = 0; i < parameters.size(); i++) {
            var name = parameters.get(i);
            if (i < arguments.positional().size()) {
                scope.set(name, arguments.positional().get(i));
            } else if (named.containsKey(name)) {
                scope.set(name, arguments.named().getOrDefault(name, None.NONE));
            } else {
                scope.set(name, i >= firstDefault
                        ? evaluator.value(macro.defaults().get(i - firstDefault), scope)
                        : new Undefined("'" + name + "'"));
            }
            named.remove(name);
        }
        scope.set("caller", named.getOrDefault("caller", new Undefined("'caller'")));
        named.remove("caller");
        scope.set("varargs", new Tuple(arguments.after(parameters.size()).positional()));
        scope.set("kwargs", named);
    }

    private Object call(Node.CallBlock block, Scope scope) {
        var given = evaluator.arguments(block.call().arguments(), scope);
        var named = new LinkedHashMap<>(given.named());
        named.put("caller", macro(block.caller(), scope));
        if (!(evaluator.value(block.call().function(), scope) instanceof Function function)) {
            throw new JinjaException("a call block needs a macro");
        }
        return function.call(new CallArguments(given.positional(), named));
    }
}
