package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of lists, tuples, dicts and ranges. Those that would change their value are refused, as in Jinja's sandbox. */
final class CollectionMethods {

    private static final Set<String> CHANGE_LIST = Set.of("append", "clear", "extend", "insert", "pop", "remove",
            "reverse", "sort");
    private static final Set<String> CHANGE_DICT = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private CollectionMethods() {}

    static @Nullable Object ofDict(Dict dict, String name, RenderLimits limits) {
        return switch (name) {
            case "items" -> view(name, DictView.Kind.ITEMS, dict);
            case "keys" -> view(name, DictView.Kind.KEYS, dict);
            case "values" -> view(name, DictView.Kind.VALUES, dict);
            case "get" -> (Function) a -> {
                var b = a.positions(name, 1, 2);
                var value = dict.get(b.get(0));
                return value != null ? value : b.get(1);
            };
            case "copy" -> (Function) a -> {
                a.positions(name, 0, 0);
                limits.list(dict.size());
                return new Dict(dict);
            };
            case "fromkeys" -> (Function) a -> {
                var b = a.positions(name, 1, 2);
                var made = new Dict();
                Values.items(b.get(0), limits).forEach(key -> made.put(key, b.get(1)));
                return made;
            };
            default -> CHANGE_DICT.contains(name) ? Attributes.unsafe(dict, name) : null;
        };
    }

    private static Function view(String name, DictView.Kind kind, Dict dict) {
        return a -> {
            a.positions(name, 0, 0);
            return new DictView(kind, dict);
        };
    }

    static @Nullable Object ofView(DictView view, String name) {
        if (name.equals("isdisjoint") || name.equals("mapping")) {
            throw Attributes.unsupported(name, view);
        }
        return null;
    }

    static @Nullable Object ofList(List<?> list, String name, RenderLimits limits) {
        if (name.equals("copy")) {
            return (Function) a -> {
                a.positions(name, 0, 0);
                limits.list(list.size());
                return new ArrayList<Object>(list);
            };
        }
        return CHANGE_LIST.contains(name) ? Attributes.unsafe(list, name) : find(list, name, limits);
    }

    static @Nullable Object ofTuple(Tuple tuple, String name, RenderLimits limits) {
        int field = tuple.names().indexOf(name);
        return field >= 0 ? tuple.items().get(field) : find(tuple.items(), name, limits);
    }

    static @Nullable Object ofRange(Range range, String name, RenderLimits limits) {
        return switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            default -> find(range.items(), name, limits);
        };
    }

    private static @Nullable Function find(List<?> list, String name, RenderLimits limits) {
        return switch (name) {
            case "count" -> a -> {
                var wanted = a.positions(name, 1, 1).get(0);
                return list.stream().filter(item -> Values.areEqual(item, wanted, limits)).count();
            };
            case "index" -> a -> {
                var b = a.positions(name, 1, 3);
                long from = clamped(b.integer(1, 0), list.size());
                long to = clamped(b.integer(2, Long.MAX_VALUE), list.size());
                for (long i = from; i < to; i++) {
                    if (Values.areEqual(list.get((int) i), b.get(0), limits)) {
                        return i;
                    }
                }
                throw new JinjaException("the list has no such item");
            };
            default -> null;
        };
    }

    private static long clamped(long at, int size) {
        return Math.clamp(at < 0 ? at + size : at, 0, size);
    }
}
