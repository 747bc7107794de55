package dev.kvasir.model.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A macro of the template: a function that gives text. */
record Macro(String name, List<String> parameters, Node.Uses uses, Function body) implements Function {

    @Override
    public Object call(CallArguments arguments) {
        return body.call(arguments);
    }

    @Nullable
    Object attribute(String attribute) {
        return switch (attribute) {
            case "name" -> Text.of(name);
            case "arguments" -> new Tuple(parameters.stream().map(Text::of).toList());
            case "catch_kwargs" -> uses.kwargs();
            case "catch_varargs" -> uses.varargs();
            case "caller" -> uses.caller();
            case "explicit_caller" -> parameters.contains("caller");
            default -> null;
        };
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
