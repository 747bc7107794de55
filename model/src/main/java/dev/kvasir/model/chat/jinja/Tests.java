package dev.kvasir.model.chat.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The tests, written after {@code is}. */
final class Tests {

    static final Set<String> NAMES = Set.of("defined", "undefined", "none", "string", "mapping", "iterable", "sequence",
            "number", "integer", "float", "boolean", "true", "false", "callable", "equalto", "eq", "ne", "lt", "le",
            "gt", "ge", "lessthan", "greaterthan", "in", "odd", "even", "divisibleby", "sameas", "lower", "upper");

    private Tests() {}

    static boolean test(String name, Object value, CallArguments arguments, RenderLimits limits) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" -> value instanceof List<?> || value instanceof Map<?, ?> || value instanceof String
                    || value instanceof Undefined;
            case "sequence" -> value instanceof List<?> || value instanceof Map<?, ?> || value instanceof String
                    || value instanceof Undefined;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "callable" -> value instanceof Function;
            case "eq", "equalto" -> Values.areEqual(value, arguments.required(0, "other"), limits);
            case "ne" -> !Values.areEqual(value, arguments.required(0, "other"), limits);
            case "lt", "lessthan" -> Values.compare(value, arguments.required(0, "other"), limits) < 0;
            case "le" -> Values.compare(value, arguments.required(0, "other"), limits) <= 0;
            case "gt", "greaterthan" -> Values.compare(value, arguments.required(0, "other"), limits) > 0;
            case "ge" -> Values.compare(value, arguments.required(0, "other"), limits) >= 0;
            case "in" -> Operators.isIn(value, arguments.required(0, "seq"), limits);
            case "odd" -> Math.floorMod(Values.integer(value), 2) == 1;
            case "even" -> Math.floorMod(Values.integer(value), 2) == 0;
            case "divisibleby" -> divides(arguments.required(0, "num"), value);
            case "sameas" -> same(value, arguments.required(0, "other"));
            case "lower" -> isCase(value, false);
            case "upper" -> isCase(value, true);
            default -> throw new JinjaException("the test '" + name + "' is not supported");
        };
    }

    private static boolean divides(Object divisor, Object value) {
        long by = Values.integer(divisor);
        if (by == 0) {
            throw new JinjaException("division by zero");
        }
        return Math.floorMod(Values.integer(value), by) == 0;
    }

    private static boolean same(Object a, Object b) {
        boolean scalar = a instanceof String || a instanceof Boolean || a instanceof Long || a instanceof Double;
        return scalar ? a.equals(b) : a == b;
    }

    private static boolean isCase(Object value, boolean upper) {
        var text = value instanceof String s ? s : "";
        var wanted = upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
        var other = upper ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
        return text.equals(wanted) && !text.equals(other);
    }
}
