package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The values of templates: {@link Text}, {@link Long}, {@link Double}, {@link Boolean}, {@link List}, {@link Tuple},
 * {@link Dict}, {@link None}, {@link Undefined} and the rarer ones, {@link Range}, {@link DictView}, {@link Lazy},
 * {@link Namespace}, {@link Function}, {@link Macro} and {@link Loop}.
 */
final class Values {

    private Values() {}

    /**
     * Converts a caller's value for a template: strings become contents, numbers are widened, lists and maps are
     * copied, null becomes {@link None}.
     */
    static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> None.NONE;
            case Text _,Long _,Double _,Boolean _,None _,Undefined _,Function _ -> value;
            case CharSequence s -> Text.content(s.toString());
            case Integer i -> (long) i;
            case Short s -> (long) s;
            case Byte b -> (long) b;
            case Float f -> (double) f;
            case Iterable<?> items -> {
                var list = new ArrayList<Object>();
                items.forEach(item -> list.add(of(item)));
                yield list;
            }
            case Map<?, ?> map -> {
                var copy = new Dict();
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
            case Text s -> !s.isEmpty();
            case Long l -> l != 0;
            case Double d -> d != 0;
            case List<?> list -> !list.isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Dict dict -> dict.size() > 0;
            case DictView view -> view.dict().size() > 0;
            case Range range -> range.size() > 0;
            case Loop loop -> loop.length() > 0;
            case None _,Undefined _ -> false;
            default -> true;
        };
    }

    /** The kind of a value in Jinja's terms, for messages. */
    static String kind(Object value) {
        return switch (value) {
            case Boolean _ -> "a boolean";
            case Text _ -> "a string";
            case Long _ -> "an integer";
            case Double _ -> "a float";
            case List<?> _ -> "a list";
            case Tuple _ -> "a tuple";
            case Dict _ -> "a dict";
            case DictView _ -> "a view of a dict";
            case Range _ -> "a range";
            case Lazy _ -> "a generator";
            case None _ -> "none";
            case Undefined _ -> "an undefined value";
            case Macro _ -> "a macro";
            case Function _ -> "a function";
            case Namespace _ -> "a namespace";
            case Loop _ -> "a loop";
            default -> "an object";
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
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
    static Text text(Object value) {
        return switch (value) {
            case Text s -> s;
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException("expected a string, found " + kind(value));
        };
    }

    /** A dict; other values are an error. */
    static Dict dict(Object value) {
        return switch (value) {
            case Dict dict -> dict;
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException("expected a dict, found " + kind(value));
        };
    }

    /** The items of a value that a loop can run over: none for undefined. A {@link Lazy} gives its items only once. */
    static Iterator<?> iterator(Object value, RenderLimits limits) {
        return switch (value) {
            case Lazy lazy -> lazy;
            case Text text -> characters(text, limits).iterator();
            case Loop loop -> loop.rest();
            default -> sized(value, limits).iterator();
        };
    }

    /** All items of a value that a loop can run over, in a new list or an unchangeable one. */
    static List<?> items(Object value, RenderLimits limits) {
        if (value instanceof Lazy || value instanceof Loop) {
            var items = new ArrayList<Object>();
            iterator(value, limits).forEachRemaining(item -> {
                limits.list(items.size());
                items.add(item);
            });
            return items;
        }
        return value instanceof Text text ? characters(text, limits) : sized(value, limits);
    }

    private static List<?> sized(Object value, RenderLimits limits) {
        return switch (value) {
            case List<?> list -> list;
            case Tuple tuple -> tuple.items();
            case Range range -> range.items();
            case Dict dict -> {
                limits.list(dict.size());
                yield dict.keys();
            }
            case DictView view -> {
                limits.list(3L * view.dict().size());
                yield view.items();
            }
            case Undefined _ -> List.of();
            default -> throw new JinjaException("cannot loop over " + kind(value));
        };
    }

    private static List<Object> characters(Text text, RenderLimits limits) {
        limits.list(text.length());
        var characters = new ArrayList<Object>(text.length());
        for (int i = 0; i < text.length(); i++) {
            characters.add(text.character(i).plain());
        }
        return characters;
    }

    /** The number of items of a value, where Python's {@code len} has one; -1 otherwise. */
    static long length(Object value) {
        return switch (value) {
            case Text text -> text.length();
            case List<?> list -> list.size();
            case Tuple tuple -> tuple.items().size();
            case Dict dict -> dict.size();
            case DictView view -> view.dict().size();
            case Range range -> range.size();
            case Loop loop -> loop.length();
            case Undefined _ -> 0;
            default -> -1;
        };
    }

    /** Python's equality: 1, 1.0 and true are equal. */
    static boolean areEqual(Object a, Object b, RenderLimits limits) {
        limits.enter();
        boolean equal = switch (a) {
            case Long _,Double _,Boolean _ -> isNumber(b) && Numbers.compare(a, b) == 0;
            case List<?> left when b instanceof List<?> right -> equalItems(left, right, limits);
            case Tuple left when b instanceof Tuple right -> equalItems(left.items(), right.items(), limits);
            case Dict left when b instanceof Dict right -> equalEntries(left, right, limits);
            case Range left when b instanceof Range right -> equalItems(left.items(), right.items(), limits);
            case DictView left when b instanceof DictView right && left.kind() == right.kind() && left != right ->
                throw new JinjaException("comparing views of dicts is not supported");
            case Undefined _ -> b instanceof Undefined;
            case Text text -> {
                limits.spend(text.length() / 16);
                yield text.equals(b);
            }
            default -> a == b;
        };
        limits.leave();
        return equal;
    }

    private static boolean equalItems(List<?> left, List<?> right, RenderLimits limits) {
        boolean equal = left.size() == right.size();
        for (int i = 0; equal && i < left.size(); i++) {
            equal = left.get(i) == right.get(i) || areEqual(left.get(i), right.get(i), limits);
        }
        return equal;
    }

    private static boolean equalEntries(Dict left, Dict right, RenderLimits limits) {
        boolean equal = left.size() == right.size();
        for (var entry : left.entries()) {
            var other = equal ? right.get(entry.key()) : null;
            equal = other != null && areEqual(entry.value(), other, limits);
        }
        return equal;
    }

    /** Whether two values have this order; values without an order are an error. */
    static boolean order(Object a, Object b, IntPredicate holds, RenderLimits limits) {
        if (a instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (isNumber(a) && isNumber(b)) {
            int order = Numbers.compare(a, b);
            return order != Numbers.UNORDERED && holds.test(order);
        }
        if (a instanceof Text left && b instanceof Text right) {
            limits.spend(1 + Math.min(left.length(), right.length()) / 16);
            return holds.test(left.compareTo(right));
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            return orderItems(left, right, holds, limits);
        }
        if (a instanceof Tuple left && b instanceof Tuple right) {
            return orderItems(left.items(), right.items(), holds, limits);
        }
        throw new JinjaException("cannot order " + kind(a) + " and " + kind(b));
    }

    private static boolean orderItems(List<?> left, List<?> right, IntPredicate holds, RenderLimits limits) {
        limits.enter();
        int common = Math.min(left.size(), right.size());
        for (int i = 0; i < common; i++) {
            if (!areEqual(left.get(i), right.get(i), limits)) {
                boolean ordered = order(left.get(i), right.get(i), holds, limits);
                limits.leave();
                return ordered;
            }
        }
        limits.leave();
        return holds.test(Integer.compare(left.size(), right.size()));
    }

    /** Python's order as a comparator's number. */
    static int compare(Object a, Object b, RenderLimits limits) {
        return order(a, b, order -> order < 0, limits) ? -1 : order(b, a, order -> order < 0, limits) ? 1 : 0;
    }
}
