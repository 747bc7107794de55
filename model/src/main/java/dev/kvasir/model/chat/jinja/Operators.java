package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Arithmetic, membership, subscripts and slices, as in Python. */
final class Operators {

    private Operators() {}

    static Object binary(String operator, Object left, Object right, RenderLimits limits) {
        if (left instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return arithmetic(operator, left, right);
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            limits.text((long) a.length() + b.length());
            return a + b;
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            limits.list((long) a.size() + b.size());
            var joined = new ArrayList<Object>(a);
            joined.addAll(b);
            return joined;
        }
        if (operator.equals("*") && right instanceof Long times) {
            return repeat(left, times, limits);
        }
        if (operator.equals("*") && left instanceof Long times) {
            return repeat(right, times, limits);
        }
        if (operator.equals("%") && left instanceof String) {
            throw new JinjaException("formatting a string with % is not supported");
        }
        throw new JinjaException(
                "cannot compute " + Values.kind(left) + " " + operator + " " + Values.kind(right));
    }

    private static Object repeat(Object value, long wanted, RenderLimits limits) {
        int times = (int) Math.clamp(wanted, 0, Integer.MAX_VALUE);
        if (value instanceof String s) {
            limits.text((long) s.length() * times);
            return s.repeat(times);
        }
        if (value instanceof List<?> list) {
            limits.list((long) list.size() * times);
            var repeated = new ArrayList<Object>();
            for (int i = 0; i < times && !list.isEmpty(); i++) {
                repeated.addAll(list);
            }
            return repeated;
        }
        throw new JinjaException("cannot repeat " + Values.kind(value));
    }

    private static Object arithmetic(String operator, Object left, Object right) {
        boolean floats = left instanceof Double || right instanceof Double || operator.equals("/")
                || operator.equals("**") && Values.number(right) < 0;
        try {
            return floats
                    ? floating(operator, Values.number(left), Values.number(right))
                    : integral(operator, Values.integer(left), Values.integer(right));
        } catch (ArithmeticException e) {
            throw new JinjaException("the integers in " + left + " " + operator + " " + right + " leave 64 bits");
        }
    }

    private static Object floating(String operator, double a, double b) {
        if (b == 0 && (operator.startsWith("/") || operator.equals("%"))) {
            throw new JinjaException("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            default -> Math.pow(a, b);
        };
    }

    private static Object integral(String operator, long a, long b) {
        if (b == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw new JinjaException("division by zero");
        }
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            default -> power(a, b);
        };
    }

    private static long power(long base, long exponent) {
        if (base == 0 || base == 1) {
            return exponent == 0 ? 1 : base;
        }
        if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        }
        long result = 1;
        // Any other base overflows within 64 iterations, which ends the loop.
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    static Object sign(String operator, Object value) {
        double number = Values.number(value);
        if (value instanceof Double) {
            return operator.equals("-") ? -number : number;
        }
        return operator.equals("-") ? Math.negateExact(Values.integer(value)) : Values.integer(value);
    }

    static boolean compare(String operator, Object left, Object right, RenderLimits limits) {
        return switch (operator) {
            case "==" -> Values.areEqual(left, right, limits);
            case "!=" -> !Values.areEqual(left, right, limits);
            case "<" -> Values.compare(left, right, limits) < 0;
            case "<=" -> Values.compare(left, right, limits) <= 0;
            case ">" -> Values.compare(left, right, limits) > 0;
            case ">=" -> Values.compare(left, right, limits) >= 0;
            case "in" -> isIn(left, right, limits);
            default -> !isIn(left, right, limits);
        };
    }

    static boolean isIn(Object wanted, Object where, RenderLimits limits) {
        if (where instanceof String s) {
            limits.spend(s.length());
            return s.contains(Values.text(wanted));
        }
        if (where instanceof Map<?, ?> map) {
            return map.containsKey(wanted);
        }
        for (var item : Values.items(where, limits)) {
            if (Values.areEqual(wanted, item, limits)) {
                return true;
            }
        }
        return false;
    }

    /** {@code of[key]}. */
    static Object item(Object of, Object key, RenderLimits limits) {
        return switch (of) {
            case Undefined undefined -> throw undefined.used();
            case List<?> list when key instanceof Long index -> {
                long at = index < 0 ? index + list.size() : index;
                yield at >= 0 && at < list.size() ? list.get((int) at) : new Undefined("item " + index);
            }
            case Map<?, ?> map -> {
                var value = map.get(key);
                yield value != null ? value : new Undefined("'" + ValueText.text(key, limits) + "'");
            }
            case String text when key instanceof Long index -> {
                int length = text.codePointCount(0, text.length());
                limits.spend(text.length());
                long at = index < 0 ? index + length : index;
                yield at >= 0 && at < length
                        ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
                        : new Undefined("item " + index);
            }
            case Namespace namespace when key instanceof String name -> {
                var value = namespace.fields().get(name);
                yield value != null ? value : new Undefined("'" + name + "'");
            }
            default -> new Undefined("an item of " + Values.kind(of));
        };
    }

    /** {@code of[from:to:step]}; {@link None} for a missing bound. */
    static Object slice(Object of, Object from, Object to, Object step, RenderLimits limits) {
        if (of instanceof Undefined undefined) {
            throw undefined.used();
        }
        boolean text = of instanceof String;
        if (!text && !(of instanceof List<?>)) {
            throw new JinjaException("cannot slice " + Values.kind(of));
        }
        List<?> items = Values.items(of, limits);
        long stride = step == None.NONE ? 1 : Values.integer(step);
        if (stride == 0) {
            throw new JinjaException("a slice cannot have a step of 0");
        }
        int size = items.size();
        long first = bound(from, stride > 0 ? 0 : size - 1, size, stride);
        long end = bound(to, stride > 0 ? size : -1, size, stride);
        var picked = new ArrayList<Object>();
        for (long i = first; stride > 0 ? i < end : i > end; i += Math.clamp(stride, -size - 1, size + 1)) {
            picked.add(items.get((int) i));
        }
        limits.list(picked.size());
        if (!text) {
            return picked;
        }
        var joined = new StringBuilder();
        picked.forEach(joined::append);
        return joined.toString();
    }

    private static long bound(Object given, long otherwise, int size, long stride) {
        if (given == None.NONE) {
            return otherwise;
        }
        long at = Values.integer(given);
        long fromStart = at < 0 ? Math.max(at + size, -1) : Math.min(at, size);
        return stride > 0 ? Math.max(fromStart, 0) : Math.min(fromStart, size - 1);
    }
}
