package dev.kvasir.model.chat.jinja;

import java.util.Iterator;
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
    private TextBuilder out;

    Interpreter(RenderLimits limits) {
        this.limits = limits;
        this.evaluator = new Evaluator(limits);
        out = new TextBuilder(limits);
    }

    /** Renders a template with the names in the scope. */
    Text render(List<Node> template, Scope scope) {
        run(template, scope);
        return out.text();
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
            case Node.Words words -> out.add(words.text());
            case Node.Output output -> out.add(ValueText.text(evaluator.value(output.value(), scope), limits));
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
                out.add(ValueText.text(captured(block.body(), block.filtered(), scope), limits));
            case Node.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Node.CallBlock block -> out.add(ValueText.text(call(block, scope), limits));
            case Node.With with -> {
                var inner = new Scope(scope);
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(with.targets().get(i), evaluator.value(with.values().get(i), scope), inner);
                }
                return run(with.body(), inner);
            }
            case Node.Group group -> {
                return run(group.body(), new Scope(scope));
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

    private Flow loop(Node.For loop, Scope scope) {
        loop(loop, evaluator.value(loop.items(), scope), 0, scope);
        return Flow.NEXT;
    }

    private void loop(Node.For loop, Object over, int depth, Scope scope) {
        Iterator<?> items = Values.iterator(over, limits);
        var filter = loop.filter();
        if (filter != null) {
            items = new ChoiceFilters.Chosen(items, item -> passes(loop, filter, item, scope));
        }
        Function again = !loop.recursive()
                ? null
                : arguments -> captured(
                        () -> loop(loop, arguments.positions("loop", 1, 1).get(0), depth + 1, scope));
        var state = new Loop(items, filter == null ? Values.length(over) : -1, depth, again, limits);
        boolean ran = false;
        while (state.hasNext()) {
            limits.step();
            var inner = new Scope(scope);
            assign(loop.target(), state.next(), inner);
            inner.set("loop", state);
            var flow = run(loop.body(), inner);
            if (flow == Flow.BREAK) {
                break;
            }
            ran |= flow == Flow.NEXT; // as in Jinja, an iteration that ends with continue does not count
        }
        if (!ran) {
            run(loop.otherwise(), new Scope(scope));
        }
    }

    private boolean passes(Node.For loop, Expr filter, Object item, Scope scope) {
        limits.step();
        var inner = new Scope(scope);
        assign(loop.target(), item, inner);
        return Values.isTrue(evaluator.value(filter, inner));
    }

    private void assign(Expr.Target target, Object value, Scope scope) {
        switch (target) {
            case Expr.Target.Variable variable -> scope.set(variable.name(), value);
            case Expr.Target.Field field -> {
                if (!(scope.get(field.namespace()) instanceof Namespace namespace)) {
                    throw new JinjaException("'" + field.namespace() + "' is not a namespace");
                }
                namespace.fields().put(Text.of(field.name()), value);
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

    /** The output of statements as a value, not written to the output of the template. */
    private Text captured(Runnable statements) {
        var outer = out;
        out = new TextBuilder(limits);
        statements.run();
        var text = out.text();
        out = outer;
        return text;
    }

    private Object captured(List<Node> body, Expr filtered, Scope scope) {
        var inner = new Scope(scope);
        inner.set(Node.CAPTURED, captured(() -> run(body, new Scope(scope))));
        return evaluator.value(filtered, inner);
    }

    private Macro macro(Node.Macro macro, Scope definition) {
        return new Macro(macro.name(), macro.parameters(), macro.uses(), arguments -> {
            limits.enter();
            var scope = new Scope(definition);
            bind(macro, arguments, scope);
            var text = captured(() -> run(macro.body(), scope));
            limits.leave();
            return text;
        });
    }

    private void bind(Node.Macro macro, CallArguments arguments, Scope scope) {
        var parameters = macro.parameters();
        var named = new LinkedHashMap<>(arguments.named());
        int firstDefault = parameters.size() - macro.defaults().size();
        boolean foundCaller = arguments.positional().size() >= parameters.size() && parameters.contains("caller");
        for (int i = 0; i < parameters.size(); i++) {
            var name = parameters.get(i);
            var value = i < arguments.positional().size() ? arguments.positional().get(i) : named.remove(name);
            foundCaller |= i >= arguments.positional().size() && name.equals("caller");
            if (value == null) {
                value = i >= firstDefault
                        ? evaluator.value(macro.defaults().get(i - firstDefault), scope)
                        : Undefined.of("the parameter '" + name + "'");
            }
            scope.set(name, value);
        }
        if (macro.uses().caller() && !foundCaller) {
            var caller = named.remove("caller");
            scope.set("caller", caller == null || caller == None.NONE ? Undefined.of("'caller'") : caller);
        }
        if (macro.uses().kwargs()) {
            var rest = new Dict();
            named.forEach((name, value) -> rest.put(Text.of(name), value));
            scope.set("kwargs", rest);
        } else if (!named.isEmpty()) {
            throw new JinjaException("the macro '" + macro.name() + "' takes no argument '"
                    + named.keySet().iterator().next() + "'");
        }
        if (macro.uses().varargs()) {
            scope.set("varargs", new Tuple(arguments.after(parameters.size()).positional()));
        } else if (arguments.positional().size() > parameters.size()) {
            throw new JinjaException("the macro '" + macro.name() + "' takes at most " + parameters.size()
                    + " arguments, " + arguments.positional().size() + " were given");
        }
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
