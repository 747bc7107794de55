package dev.kvasir.model.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The filters {@code map}, {@code select} and their kin. They compute an item when it is asked for. */
final class ChoiceFilters {

    private ChoiceFilters() {}

    static void addTo(Map<String, Filters.Filter> all) {
        all.put("map", (value, a, limits) -> new Lazy(
                () -> Values.isTrue(value) ? mapped(value, mapping(a, limits), limits) : List.of().iterator()));
        all.put("select", choice(0, true));
        all.put("reject", choice(0, false));
        all.put("selectattr", choice(1, true));
        all.put("rejectattr", choice(1, false));
    }

    private static Iterator<Object> mapped(Object value, UnaryOperator<Object> mapping, RenderLimits limits) {
        Iterator<?> items = Values.iterator(value, limits);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Object next() {
                limits.step();
                return mapping.apply(items.next());
            }
        };
    }

    private static UnaryOperator<Object> mapping(CallArguments a, RenderLimits limits) {
        if (a.positional().isEmpty() && a.named().containsKey("attribute")) {
            var b = a.bind("map", 0, "attribute", "default");
            return item -> Paths.get(item, b.get(0), b.get(1), limits);
        }
        if (a.positional().isEmpty()) {
            throw new JinjaException("'map' needs the name of a filter");
        }
        var filter = Values.text(a.positional().getFirst()).toString();
        return item -> Filters.apply(filter, item, a.after(1), limits);
    }

    /**
     * @param paths 1 if the first argument is the path of the part that is tested
     * @param wanted the outcome for which an item stays
     */
    private static Filters.Filter choice(int paths, boolean wanted) {
        return (value, a, limits) -> new Lazy(() -> {
            if (!Values.isTrue(value)) {
                return List.of().iterator();
            }
            if (a.positional().size() < paths) {
                throw new JinjaException("'selectattr' and 'rejectattr' need the name of an attribute");
            }
            var test = test(a.after(paths), limits);
            return new Chosen(Values.iterator(value, limits), item -> {
                limits.step();
                var tested = paths == 0 ? item : Paths.get(item, a.positional().getFirst(), limits);
                return test.test(tested) == wanted;
            });
        });
    }

    private static Predicate<Object> test(CallArguments a, RenderLimits limits) {
        if (a.positional().isEmpty()) {
            return Values::isTrue;
        }
        var name = Values.text(a.positional().getFirst()).toString();
        return value -> Tests.test(name, value, a.after(1), limits);
    }

    /** The items for which a condition holds. */
    static final class Chosen implements Iterator<Object> {
        private final Iterator<?> items;
        private final Predicate<Object> condition;
        private @Nullable Object next;

        Chosen(Iterator<?> items, Predicate<Object> condition) {
            this.items = items;
            this.condition = condition;
        }

        @Override
        public boolean hasNext() {
            while (next == null && items.hasNext()) {
                var item = items.next();
                next = condition.test(item) ? item : null;
            }
            return next != null;
        }

        @Override
        public Object next() {
            var found = hasNext() ? next : null;
            if (found == null) {
                throw new NoSuchElementException();
            }
            next = null;
            return found;
        }
    }
}
