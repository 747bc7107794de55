package dev.kvasir.model.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The tests, written after {@code is}. */
final class Tests {

    /** Tests of a value alone. */
    private static final Map<String, Predicate<Object>> PLAIN = Map.ofEntries(
            Map.entry("defined", value -> !(value instanceof Undefined)),
            Map.entry("undefined", value -> value instanceof Undefined),
            Map.entry("none", value -> value instanceof None), Map.entry("string", value -> value instanceof Text),
            Map.entry("mapping", value -> value instanceof Dict), Map.entry("iterable", Tests::isIterable),
            Map.entry("sequence", Tests::isSequence), Map.entry("number", Values::isNumber),
            Map.entry("integer", value -> value instanceof Long), Map.entry("float", value -> value instanceof Double),
            Map.entry("boolean", value -> value instanceof Boolean), Map.entry("true", Boolean.TRUE::equals),
            Map.entry("false", Boolean.FALSE::equals), Map.entry("callable", Tests::isCallable),
            Map.entry("escaped", value -> value instanceof Text text && text.isMarkup()),
            Map.entry("filter", value -> Dict.hashed(value) instanceof Text name && Filters.has(name.toString())),
            Map.entry("test", value -> Dict.hashed(value) instanceof Text name && has(name.toString())),
            Map.entry("odd", value -> isRemainder(value, 2, 1)), Map.entry("even", value -> isRemainder(value, 2, 0)));
    /** Tests that compare with another value, and their operators. */
    private static final Map<String, String> COMPARING = Map.ofEntries(Map.entry("eq", "=="),
            Map.entry("equalto", "=="), Map.entry("==", "=="), Map.entry("ne", "!="), Map.entry("!=", "!="),
            Map.entry("lt", "<"), Map.entry("lessthan", "<"), Map.entry("<", "<"), Map.entry("le", "<="),
            Map.entry("<=", "<="), Map.entry("gt", ">"), Map.entry("greaterthan", ">"), Map.entry(">", ">"),
            Map.entry("ge", ">="), Map.entry(">=", ">="), Map.entry("in", "in"));
    private static final List<String> OTHERS = List.of("divisibleby", "sameas", "lower", "upper");

    private Tests() {}

    static boolean has(String name) {
        return PLAIN.containsKey(name) || COMPARING.containsKey(name) || OTHERS.contains(name);
    }

    static boolean test(String name, Object value, CallArguments a, RenderLimits limits) {
        var plain = PLAIN.get(name);
        if (plain != null) {
            a.bind(name, 0);
            return plain.test(value);
        }
        var operator = COMPARING.get(name);
        if (operator != null) {
            return Operators.compare(operator, value, a.bind(name, 1, operator.equals("in") ? "seq" : "other").get(0),
                    limits);
        }
        return switch (name) {
            case "divisibleby" -> isRemainder(value, a.bind(name, 1, "num").get(0), 0);
            case "sameas" -> same(value, a.bind(name, 1, "other").get(0));
            case "lower" -> Letters.isLower(textOf(name, value, a, limits));
            case "upper" -> Letters.isUpper(textOf(name, value, a, limits));
            default -> throw unsupported(name);
        };
    }

    static JinjaException unsupported(String name) {
        return new JinjaException("the test '" + name + "' is not supported");
    }

    private static Text textOf(String name, Object value, CallArguments a, RenderLimits limits) {
        a.bind(name, 0);
        return ValueText.text(value, limits);
    }

    private static boolean isIterable(Object value) {
        return Values.length(value) >= 0 || value instanceof Lazy;
    }

    private static boolean isSequence(Object value) {
        return switch (value) {
            case DictView _,Loop _ -> false;
            default -> Values.length(value) >= 0;
        };
    }

    /** Undefined has a call, too, though it is an error. */
    private static boolean isCallable(Object value) {
        return value instanceof Function || value instanceof Undefined || value instanceof Loop;
    }

    private static boolean isRemainder(Object value, Object divisor, double wanted) {
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        return Values.number(Numbers.arithmetic("%", number(value), number(divisor))) == wanted;
    }

    private static boolean isRemainder(Object value, long divisor, double wanted) {
        return isRemainder(value, (Object) divisor, wanted);
    }

    private static Object number(Object value) {
        Values.number(value);
        return value;
    }

    private static boolean same(Object a, Object b) {
        return switch (a) {
            case Boolean _ -> a.equals(b);
            case Text _,Long _,Double _ when a != b && a.equals(b) -> {
                if (a instanceof Long l && l >= -5 && l <= 256) {
                    yield true; // Python has each of these once
                }
                throw new JinjaException("the test 'sameas' of equal values is not supported: its outcome depends on"
                        + " Python's memory");
            }
            default -> a == b;
        };
    }
}
