package dev.kvasir.model.chat.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of templates: {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link List}, {@link Map},
 * {@link None}, {@link Undefined}, {@link Namespace}, {@link Function} and the state of a loop.
 */
final class Values {

    private Values() {}

    /**
     * Converts a caller's value for a template: numbers are widened, lists and maps are copied, null becomes
     * {@link None}.
     */
    static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> None.NONE;
            case String _,Long _,Double _,Boolean _,None _,Undefined _,Function _ -> value;
            case Integer i -> (long) i;
            case Short s -> (long) s;
            case Float f -> (double) f;
            case Iterable<?> items -> {
                var list = new ArrayList<Object>();
                items.forEach(item -> list.add(of(item)));
                yield list;
            }
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<Object, Object>();
                map.forEach((key, item) -> copy.put(of(key), of(item)));
                yield copy;
            }
            case Object other -> throw new JinjaException(
                    "a value of " + other.getClass().getName() + " cannot be given to a template");
        };
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case String s -> !s.isEmpty();
            case Long l -> l != 0;
            case Double d -> d != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case None _,Undefined _ -> false;
            default -> true;
        };
    }

    /** The kind of a value in Jinja's terms, for messages. */
    static String kind(Object value) {
        return switch (value) {
            case Boolean _ -> "a boolean";
            case String _ -> "a string";
            case Long _ -> "an integer";
            case Double _ -> "a float";
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "a dict";
            case None _ -> "none";
            case Undefined undefined -> undefined.what() + " (undefined)";
            case Function _ -> "a function";
            case Namespace _ -> "a namespace";
            default -> "an object";
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** A number; true counts as 1. Other values are an error. */
    static double number(Object value) {
        return switch (value) {
            case Long l -> l;
            case Double d -> d;
            case Boolean b -> b ? 1 : 0;
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException("expected a number, found " + kind(value));
        };
    }

    /** An integer; true counts as 1. Other values are an error. */
    static long integer(Object value) {
        return switch (value) {
            case Long l -> l;
            case Boolean b -> b ? 1 : 0;
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException("expected an integer, found " + kind(value));
        };
    }

    /** A string; other values are an error. */
    static String text(Object value) {
        return switch (value) {
            case String s -> s;
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException("expected a string, found " + kind(value));
        };
    }

    /** The items of a loop: items of a list, keys of a dict, characters of a string, and none for undefined. */
    static List<?> items(Object value, RenderLimits limits) {
        return switch (value) {
            case List<?> list -> list;
            case Map<?, ?> map -> {
                limits.list(map.size());
                yield List.copyOf(map.keySet());
            }
            case Namespace namespace -> List.copyOf(namespace.fields().keySet());
            case String s -> {
                limits.list(s.length());
                yield s.codePoints().mapToObj(Character::toString).toList();
            }
            case Undefined _ -> List.of();
            default -> throw new JinjaException("cannot loop over " + kind(value));
        };
    }

    /** Python's equality: 1, 1.0 and true are equal. */
    static boolean areEqual(Object a, Object b, RenderLimits limits) {
        limits.enter();
        boolean equal;
        if (isNumber(a) && isNumber(b)) {
            equal = a instanceof Double || b instanceof Double ? number(a) == number(b) : integer(a) == integer(b);
        } else if (a instanceof List<?> left && b instanceof List<?> right) {
            equal = left.size() == right.size();
            for (int i = 0; equal && i < left.size(); i++) {
                equal = areEqual(left.get(i), right.get(i), limits);
            }
        } else if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            equal = left.size() == right.size();
            for (var entry : left.entrySet()) {
                var other = right.get(entry.getKey());
                equal = equal && other != null && areEqual(entry.getValue(), other, limits);
            }
        } else if (a instanceof Undefined || b instanceof Undefined) {
            equal = a instanceof Undefined && b instanceof Undefined;
        } else {
            equal = a.equals(b);
        }
        limits.leave();
        return equal;
    }

    /** Python's order; values without one are an error. */
    static int compare(Object a, Object b, RenderLimits limits) {
        if (a instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (isNumber(a) && isNumber(b)) {
            return a instanceof Double || b instanceof Double
                    ? Double.compare(number(a), number(b))
                    : Long.compare(integer(a), integer(b));
        }
        if (a instanceof String left && b instanceof String right) {
            limits.spend(1);
            return left.compareTo(right);
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            limits.enter();
            int order = 0;
            for (int i = 0; order == 0 && i < Math.min(left.size(), right.size()); i++) {
                order = compare(left.get(i), right.get(i), limits);
            }
            limits.leave();
            return order != 0 ? order : Integer.compare(left.size(), right.size());
        }
        throw new JinjaException("cannot order " + kind(a) + " and " + kind(b));
    }

    /** A float as Python prints it: 1.0, 1e+16, 1e-05. */
    static String show(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        if (size == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        if (size >= 1e-4 && size < 1e16) {
            var plain = new BigDecimal(Double.toString(value)).toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        var digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        var unscaled = digits.unscaledValue().abs().toString();
        int exponent = unscaled.length() - 1 - digits.scale();
        var mantissa = unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
