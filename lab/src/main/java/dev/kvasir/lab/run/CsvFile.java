package dev.kvasir.lab.run;

import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.report.page.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code results.csv}: one line per result, for spreadsheets. The columns are the axes, the measured values and the
 * conditions, in this order. The options of the cache are columns {@code cache.…}; lists are separated by semicolons.
 */
public final class CsvFile {
    /** Its name in the output folder. */
    public static final String NAME = "results.csv";

    private CsvFile() {}

    /** Writes all results and replaces an older file. */
    public static void write(Path folder, Results results) throws IOException {
        WholeFile.write(folder.resolve(NAME), text(results).getBytes(StandardCharsets.UTF_8));
    }

    static String text(Results results) {
        List<Map<String, Object>> axes = new ArrayList<>();
        List<Map<String, Object>> values = new ArrayList<>();
        List<Map<String, Object>> origins = new ArrayList<>();
        for (Result result : results.all()) {
            axes.add(new LinkedHashMap<>(result.axes()));
            values.add(result.values());
            origins.add(flat("", result.origin()));
        }
        StringBuilder text = new StringBuilder();
        List<Set<String>> names = List.of(names(axes), names(values), names(origins));
        text.append(names.stream().flatMap(Set::stream).map(CsvFile::quoted).collect(Collectors.joining(",")))
                .append('\n');
        for (int i = 0; i < results.size(); i++) {
            List<String> fields = new ArrayList<>();
            add(fields, names.get(0), axes.get(i));
            add(fields, names.get(1), values.get(i));
            add(fields, names.get(2), origins.get(i));
            text.append(String.join(",", fields)).append('\n');
        }
        return text.toString();
    }

    private static Set<String> names(List<Map<String, Object>> rows) {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.keySet()));
        return names;
    }

    private static void add(List<String> fields, Set<String> names, Map<String, Object> row) {
        for (String name : names) {
            fields.add(quoted(row.getOrDefault(name, "")));
        }
    }

    private static Map<String, Object> flat(String prefix, Map<?, ?> map) {
        Map<String, Object> flat = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner) {
                flat.putAll(flat(prefix + name + ".", inner));
            } else {
                flat.put(prefix + name, value);
            }
        });
        return flat;
    }

    private static String quoted(Object value) {
        String text = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(";"))
                : value.toString();
        boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return isPlain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
