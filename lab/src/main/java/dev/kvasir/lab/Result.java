package dev.kvasir.lab;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of {@code results.jsonl}, from this run or an earlier one.
 *
 * @param axes position in the grid: the axes of the cell, then those of the row
 * @param values the measured values
 * @param origin conditions of the measurement: seed, model, cache options, engine, machine, version
 */
public record Result(Map<String, String> axes, Map<String, Object> values, Map<String, Object> origin) {

    public Result {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
    }

    /** The value of an axis; empty if this result has no such axis. */
    public String axis(String name) {
        return axes.getOrDefault(name, "");
    }

    /** A measured number, 1 or 0 for yes or no; NaN if there is none of that name. */
    public double number(String name) {
        return switch (values.get(name)) {
            case Number n -> n.doubleValue();
            case Boolean b -> b ? 1 : 0;
            case null, default -> Double.NaN;
        };
    }

    /** A measured yes or no; false if there is none of that name. */
    public boolean is(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    /** A measured text; empty if there is none of that name. */
    public String text(String name) {
        Object value = values.get(name);
        return value == null ? "" : value.toString();
    }

    /** A measured list of numbers; empty if there is none of that name. */
    public double[] numbers(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray()
                : new double[0];
    }
}
