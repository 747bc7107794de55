package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters for lists and what else a loop can run over. */
final class ListFilters {

    private ListFilters() {}

    static void addTo(Map<String, Filters.Filter> all) {
        all.put("length", (value, a, limits) -> {
            a.bind("length", 0);
            long length = Values.length(value);
            if (length < 0) {
                throw new JinjaException(Values.kind(value) + " has no length");
            }
            return length;
        });
        all.put("join", (value, a, limits) -> {
            var b = a.bind("join", 0, "d", "attribute");
            var items = new ArrayList<Object>(Values.items(value, limits));
            items.replaceAll(item -> Paths.get(item, b.get(1), limits));
            return Strings.join(items, Filters.textOf(b.get(0, Text.EMPTY), limits), limits);
        });
        all.put("first", (value, a, limits) -> {
            a.bind("first", 0);
            Iterator<?> items = Values.iterator(value, limits);
            return items.hasNext() ? items.next() : Undefined.of("the first item of nothing");
        });
        all.put("last", (value, a, limits) -> {
            a.bind("last", 0);
            if (value instanceof Lazy) {
                throw new JinjaException("a generator has no last item: turn it into a list first");
            }
            var items = Values.items(value, limits);
            return items.isEmpty() ? Undefined.of("the last item of nothing") : items.getLast();
        });
        all.put("list", (value, a, limits) -> {
            a.bind("list", 0);
            return copy(value, limits);
        });
        all.put("items", (value, a, limits) -> {
            a.bind("items", 0);
            return new Lazy(() -> value instanceof Undefined
                    ? List.of().iterator()
                    : new DictView(DictView.Kind.ITEMS, Values.dict(value)).items().iterator());
        });
        all.put("reverse", (value, a, limits) -> {
            a.bind("reverse", 0);
            return reverse(value, limits);
        });
        all.put("sort",
                (value, a, limits) -> sort(value, a.bind("sort", 0, "reverse", "case_sensitive", "attribute"), limits));
        all.put("dictsort", (value, a, limits) -> dictSort(value,
                a.bind("dictsort", 0, "case_sensitive", "by", "reverse"), limits));
        all.put("unique", (value, a, limits) -> {
            var b = a.bind("unique", 0, "case_sensitive", "attribute");
            return new Lazy(() -> unique(value, b, limits).iterator());
        });
        all.put("groupby", (value, a, limits) -> groups(value,
                a.bind("groupby", 1, "attribute", "default", "case_sensitive"), limits));
        all.put("batch", (value, a, limits) -> {
            var b = a.bind("batch", 1, "linecount", "fill_with");
            return new Lazy(() -> batches(value, b, limits).iterator());
        });
        all.put("slice", (value, a, limits) -> {
            var b = a.bind("slice", 1, "slices", "fill_with");
            return new Lazy(() -> slices(value, b, limits).iterator());
        });
    }

    static List<Object> copy(Object value, RenderLimits limits) {
        var items = Values.items(value, limits);
        limits.list(items.size());
        return new ArrayList<>(items);
    }

    private static Object reverse(Object value, RenderLimits limits) {
        return switch (value) {
            case Text text -> Operators.slice(text, None.NONE, None.NONE, -1L, limits);
            case Lazy _ -> new ArrayList<>(copy(value, limits).reversed());
            default -> {
                var reversed = copy(value, limits).reversed();
                yield new Lazy(reversed::iterator);
            }
        };
    }

    private static Object sort(Object value, CallArguments.Bound a, RenderLimits limits) {
        var paths = a.get(2) instanceof Text text
                ? Strings.split(text, Text.of(","), -1)
                : List.of(a.get(2));
        boolean exact = a.flag(1);
        return ordered(copy(value, limits), item -> {
            var keys = new ArrayList<Object>();
            paths.forEach(path -> keys.add(folded(Paths.get(item, path, limits), exact, limits)));
            return keys;
        }, a.flag(0), limits);
    }

    private static Object dictSort(Object value, CallArguments.Bound a, RenderLimits limits) {
        var by = a.get(1, Text.of("key"));
        int part = Text.of("key").equals(by) ? 0 : Text.of("value").equals(by) ? 1 : -1;
        if (part < 0) {
            throw new JinjaException("'dictsort' sorts by 'key' or 'value'");
        }
        var items = new ArrayList<Object>(new DictView(DictView.Kind.ITEMS, Values.dict(value)).items());
        return ordered(items, item -> folded(((Tuple) item).items().get(part), a.flag(0), limits), a.flag(2), limits);
    }

    private static List<Object> ordered(List<Object> items, java.util.function.Function<Object, Object> key,
            boolean reverse, RenderLimits limits) {
        record Keyed(Object key, Object item) {}
        var keyed = new ArrayList<Keyed>();
        items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
        Comparator<Keyed> order = (x, y) -> Values.compare(x.key(), y.key(), limits);
        keyed.sort(reverse ? order.reversed() : order);
        items.clear();
        keyed.forEach(one -> items.add(one.item()));
        return items;
    }

    /** A key for which upper and lower case are one, unless the case counts. */
    static Object folded(Object key, boolean caseSensitive, RenderLimits limits) {
        return caseSensitive || !(key instanceof Text text) ? key : Letters.lower(text, limits);
    }

    private static List<Object> unique(Object value, CallArguments.Bound a, RenderLimits limits) {
        var seen = new HashSet<Object>();
        var kept = new ArrayList<Object>();
        for (var item : Values.items(value, limits)) {
            if (seen.add(Dict.hashed(folded(Paths.get(item, a.get(1), limits), a.flag(0), limits)))) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static List<Object> groups(Object value, CallArguments.Bound a, RenderLimits limits) {
        java.util.function.Function<Object, Object> path = item -> Paths.get(item, a.get(0), a.get(1), limits);
        java.util.function.Function<Object, Object> key = item -> folded(path.apply(item), a.flag(2), limits);
        var groups = new ArrayList<Object>();
        List<Object> group = List.of();
        for (var item : ordered(copy(value, limits), key, false, limits)) {
            if (group.isEmpty() || !Values.areEqual(key.apply(group.getFirst()), key.apply(item), limits)) {
                group = new ArrayList<>();
                groups.add(new Tuple(List.of(path.apply(item), group), List.of("grouper", "list")));
            }
            group.add(item);
        }
        return groups;
    }

    private static List<Object> batches(Object value, CallArguments.Bound a, RenderLimits limits) {
        long size = a.integer(0, 0);
        var batches = new ArrayList<Object>();
        List<Object> batch = new ArrayList<>();
        for (var item : Values.items(value, limits)) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            long missing = a.get(1) == None.NONE ? 0 : Math.max(0, size - batch.size());
            limits.list(missing);
            for (long i = 0; i < missing; i++) {
                batch.add(a.get(1));
            }
            batches.add(batch);
        }
        return batches;
    }

    private static List<Object> slices(Object value, CallArguments.Bound a, RenderLimits limits) {
        var items = copy(value, limits);
        long count = a.integer(0, 0);
        if (count == 0) {
            throw new JinjaException("division by zero");
        }
        limits.list(count);
        var slices = new ArrayList<Object>();
        int from = 0;
        for (long i = 0; i < count; i++) {
            boolean extra = i < items.size() % count;
            int to = from + (int) (items.size() / count) + (extra ? 1 : 0);
            var slice = new ArrayList<Object>(items.subList(from, to));
            if (!extra && a.get(1) != None.NONE) {
                slice.add(a.get(1));
            }
            slices.add(slice);
            from = to;
        }
        return slices;
    }
}
