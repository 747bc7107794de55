package dev.kvasir.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The measured values of a cell, or of one part of it such as a layer: a line of {@code results.jsonl}.
 *
 * @param axes further axes beyond those of the cell, such as {@code layer}
 * @param values name to a number, a boolean, a text, or a list of numbers
 */
public record Row(Map<String, String> axes, Map<String, Object> values) {

    public Row {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** An empty row for a whole cell. */
    public static Row empty() {
        return new Row(Map.of(), Map.of());
    }

    /** This row on a further axis. */
    public Row on(String axis, Object value) {
        Map<String, String> more = new LinkedHashMap<>(axes);
        more.put(axis, value.toString());
        return new Row(more, values);
    }

    /** This row with a number. NaN and infinities are left out, because JSON has none. */
    public Row with(String name, double value) {
        return Double.isFinite(value) ? put(name, value) : this;
    }

    /** This row with a whole number. */
    public Row with(String name, long value) {
        return put(name, value);
    }

    /** This row with a yes or no. */
    public Row with(String name, boolean value) {
        return put(name, value);
    }

    /** This row with a text. */
    public Row with(String name, String value) {
        return put(name, value);
    }

    /** This row with a list of numbers. */
    public Row with(String name, double[] values) {
        List<Double> list = new ArrayList<>();
        for (double value : values) {
            list.add(value);
        }
        return put(name, list);
    }

    private Row put(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Row(axes, more);
    }
}
