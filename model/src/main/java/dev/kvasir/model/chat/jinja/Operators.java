package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Operators for two values, as in Python. */
final class Operators {

    private Operators() {}

    static Object binary(String operator, Object left, Object right, RenderLimits limits) {
        if (left instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (operator.equals("%") && left instanceof Text format) {
            return PercentFormat.format(format, right, limits);
        }
        if (right instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return Numbers.arithmetic(operator, left, right);
        }
        if (operator.equals("+")) {
            if (left instanceof Text a && right instanceof Text b) {
                return plus(a, b, limits);
            }
            if (left instanceof List<?> a && right instanceof List<?> b) {
                return plus(a, b, limits);
            }
            if (left instanceof Tuple a && right instanceof Tuple b) {
                return new Tuple(plus(a.items(), b.items(), limits));
            }
        }
        if (operator.equals("*") && Values.isInteger(right)) {
            return repeat(left, Values.integer(right), limits);
        }
        if (operator.equals("*") && Values.isInteger(left)) {
            return repeat(right, Values.integer(left), limits);
        }
        throw new JinjaException(
                "cannot compute " + Values.kind(left) + " " + operator + " " + Values.kind(right));
    }

    /** Joins two texts; what is added to HTML is escaped. */
    static Text plus(Text a, Text b, RenderLimits limits) {
        boolean markup = a.isMarkup() || b.isMarkup();
        var left = markup ? Html.escape(a, limits) : a;
        var right = markup ? Html.escape(b, limits) : b;
        limits.text((long) left.length() + right.length());
        return left.plus(right);
    }

    private static List<Object> plus(List<?> a, List<?> b, RenderLimits limits) {
        limits.list((long) a.size() + b.size());
        var joined = new ArrayList<Object>(a);
        joined.addAll(b);
        return joined;
    }

    private static Object repeat(Object value, long wanted, RenderLimits limits) {
        return switch (value) {
            case Text text -> {
                var repeated = new TextBuilder(limits).repeat(text, wanted).text();
                yield text.isMarkup() ? repeated.asMarkup() : repeated;
            }
            case List<?> list -> repeat(list, wanted, limits);
            case Tuple tuple -> new Tuple(repeat(tuple.items(), wanted, limits));
            default -> throw new JinjaException("cannot repeat " + Values.kind(value));
        };
    }

    private static List<Object> repeat(List<?> list, long wanted, RenderLimits limits) {
        int times = (int) Math.clamp(wanted, 0, Integer.MAX_VALUE);
        limits.list((long) list.size() * times);
        var repeated = new ArrayList<Object>();
        for (int i = 0; i < times && !list.isEmpty(); i++) {
            repeated.addAll(list);
        }
        return repeated;
    }

    static boolean compare(String operator, Object left, Object right, RenderLimits limits) {
        return switch (operator) {
            case "==" -> Values.areEqual(left, right, limits);
            case "!=" -> !Values.areEqual(left, right, limits);
            case "<" -> Values.order(left, right, order -> order < 0, limits);
            case "<=" -> Values.order(left, right, order -> order <= 0, limits);
            case ">" -> Values.order(left, right, order -> order > 0, limits);
            case ">=" -> Values.order(left, right, order -> order >= 0, limits);
            case "in" -> isIn(left, right, limits);
            default -> !isIn(left, right, limits);
        };
    }

    static boolean isIn(Object wanted, Object where, RenderLimits limits) {
        switch (where) {
            case Text text -> {
                limits.spend(text.length());
                return text.contains(Values.text(wanted));
            }
            case Dict dict -> {
                return dict.has(wanted);
            }
            case DictView view when view.kind() == DictView.Kind.KEYS -> {
                return view.dict().has(wanted);
            }
            default -> {
                for (var items = Values.iterator(where, limits); items.hasNext();) {
                    var item = items.next();
                    if (wanted == item || Values.areEqual(wanted, item, limits)) {
                        return true;
                    }
                }
                return false;
            }
        }
    }

    /** {@code of[from:to:step]}; {@link None} for a missing bound. */
    static Object slice(Object of, Object from, Object to, Object step, RenderLimits limits) {
        return switch (of) {
            case Undefined undefined -> throw undefined.used();
            case Text text -> {
                var sliced = new TextBuilder(limits);
                for (long i : indexes(text.length(), from, to, step, limits)) {
                    sliced.addMarked(text.marked((int) i));
                }
                yield text.isMarkup() ? sliced.text().asMarkup() : sliced.text();
            }
            case List<?> list -> picked(list, from, to, step, limits);
            case Tuple tuple -> new Tuple(picked(tuple.items(), from, to, step, limits));
            case Range range -> slice(range, from, to, step);
            default -> throw new JinjaException("cannot slice " + Values.kind(of));
        };
    }

    private static List<Object> picked(List<?> items, Object from, Object to, Object step, RenderLimits limits) {
        var picked = new ArrayList<Object>();
        for (long i : indexes(items.size(), from, to, step, limits)) {
            picked.add(items.get((int) i));
        }
        return picked;
    }

    private static long[] indexes(int size, Object from, Object to, Object step, RenderLimits limits) {
        long stride = stride(step);
        long first = bound(from, stride > 0 ? 0 : size - 1, size, stride);
        long end = bound(to, stride > 0 ? size : -1, size, stride);
        long by = Math.clamp(stride, -size - 1L, size + 1L);
        long count = Math.max(0, stride > 0 ? (end - first + by - 1) / by : (first - end - by - 1) / -by);
        limits.list(count);
        var indexes = new long[(int) count];
        for (int i = 0; i < count; i++) {
            indexes[i] = first + i * by;
        }
        return indexes;
    }

    private static Range slice(Range range, Object from, Object to, Object step) {
        long stride = stride(step);
        int size = range.size();
        long first = bound(from, stride > 0 ? 0 : size - 1, size, stride);
        long end = bound(to, stride > 0 ? size : -1, size, stride);
        return new Range(range.start() + first * range.step(), range.start() + end * range.step(),
                range.step() * stride);
    }

    private static long stride(Object step) {
        long stride = step == None.NONE ? 1 : Values.integer(step);
        if (stride == 0) {
            throw new JinjaException("a slice cannot have a step of 0");
        }
        return stride;
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
