package dev.kvasir.model.chat.jinja;

import java.util.List;

/**
 * Python's tuple.
 *
 * @param items the values
 * @param names the names of the values, for the pairs of {@code groupby}; otherwise empty
 */
record Tuple(List<?> items, List<String> names) {

    Tuple(List<?> items) {
        this(items, List.of());
    }

    static Tuple of(Object... items) {
        return new Tuple(List.of(items));
    }
}
