package dev.kvasir.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A CSV file with names in its first line; values may be quoted and hold line ends then. */
record Table(List<Row> rows) {

    /** A line of the file, by the names of its columns. */
    record Row(Path file, Map<String, String> values) {
        /** The value of a column. */
        String get(String column) {
            String value = values.get(column);
            if (value == null) {
                throw new IllegalArgumentException("%s has no column %s".formatted(file, column));
            }
            return value;
        }
    }

    /** Reads a file below {@code docs/results}. */
    static Table read(String name) {
        Path file = Project.RESULTS.resolve(name);
        List<List<String>> lines;
        try {
            lines = split(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Row> rows = new ArrayList<>();
        for (List<String> line : lines.subList(1, lines.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < line.size(); i++) {
                row.put(lines.getFirst().get(i), line.get(i));
            }
            rows.add(new Row(file, row));
        }
        return new Table(rows);
    }

    private static List<List<String>> split(String text) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        var value = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                boolean doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (doubled) {
                    value.append(text.charAt(++i));
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == ',' || c == '\n')) {
                line.add(value.toString());
                value.setLength(0);
                if (c == '\n') {
                    lines.add(line);
                    line = new ArrayList<>();
                }
            } else if (quoted || c != '\r') {
                value.append(c);
            }
        }
        return lines;
    }
}
