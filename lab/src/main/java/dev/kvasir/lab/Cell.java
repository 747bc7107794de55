package dev.kvasir.lab;

import dev.kvasir.kvcache.plan.CacheOptions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One point of a grid.
 *
 * @param axes name to value, in the order of the grid; together they name the cell within its run
 * @param cacheOptions the options of its cache, if it has one
 * @param seed seed of its random texts. Cells that differ only in their caches have equal seeds, so that policies are
 *             compared on the same texts
 */
public record Cell(Map<String, String> axes, Optional<CacheOptions> cacheOptions, long seed) {

    public Cell {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
    }

    /**
     * The options of its cache.
     *
     * @throws IllegalStateException if it has none
     */
    public CacheOptions cache() {
        return cacheOptions.orElseThrow(() -> new IllegalStateException("cell %s has no cache".formatted(label())));
    }

    /**
     * The value of an axis.
     *
     * @throws IllegalStateException if there is no such axis
     */
    public String text(String axis) {
        String value = axes.get(axis);
        if (value == null) {
            throw new IllegalStateException("cell %s has no axis %s".formatted(label(), axis));
        }
        return value;
    }

    /** The value of an axis of whole numbers. */
    public int number(String axis) {
        return Integer.parseInt(text(axis));
    }

    /** The value of an axis of whole numbers; 0 if there is no such axis. */
    public int size(String axis) {
        return axes.containsKey(axis) ? number(axis) : 0;
    }

    /** The value of an axis of numbers. */
    public double real(String axis) {
        return Double.parseDouble(text(axis));
    }

    /** The cell in one line: {@code length=4096 policy=arkvale …}. */
    public String label() {
        return axes.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(" "));
    }
}
