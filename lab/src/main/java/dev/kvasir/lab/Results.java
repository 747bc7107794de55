package dev.kvasir.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Results of one run, in the order of the grid. */
public record Results(List<Result> all) {

    public Results {
        all = List.copyOf(all);
    }

    /** Whether there are no results. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The values of an axis, each once, in the order of the grid. */
    public List<String> values(String axis) {
        Set<String> values = new LinkedHashSet<>();
        all.forEach(result -> values.add(result.axis(axis)));
        values.remove("");
        return List.copyOf(values);
    }

    /** The results at one value of an axis. */
    public Results at(String axis, String value) {
        return new Results(all.stream().filter(result -> result.axis(axis).equals(value)).toList());
    }

    /** The results by their values on some axes, in the order of the grid. */
    public Map<List<String>, Results> by(String... axes) {
        Map<List<String>, List<Result>> groups = new LinkedHashMap<>();
        for (Result result : all) {
            List<String> key = new ArrayList<>();
            for (String axis : axes) {
                key.add(result.axis(axis));
            }
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(result);
        }
        Map<List<String>, Results> split = new LinkedHashMap<>();
        groups.forEach((key, group) -> split.put(key, new Results(group)));
        return split;
    }

    /** A measured number of every result that has it. */
    public double[] numbers(String name) {
        return all.stream().mapToDouble(result -> result.number(name)).filter(value -> !Double.isNaN(value)).toArray();
    }

    /** The number of results in which this value is true. */
    public int count(String name) {
        return (int) all.stream().filter(result -> result.is(name)).count();
    }

    /** The number of results. */
    public int size() {
        return all.size();
    }
}
