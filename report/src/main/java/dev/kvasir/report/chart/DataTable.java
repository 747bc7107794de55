package dev.kvasir.report.chart;

import java.util.List;

/**
 * A table of text and numbers, already written as they should be read.
 *
 * @param title   what is shown
 * @param caption what to see in it; may be empty
 * @param columns name and kind of each column
 * @param rows    the cells, one for each column
 */
public record DataTable(String title, String caption, List<Column> columns, List<List<String>> rows)
        implements
            Exhibit {
    /** Keeps copies of the lists. Throws IllegalArgumentException if a row has not one cell a column. */
    public DataTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of \"%s\" has %d cells for %d columns"
                        .formatted(title, row.size(), columns.size()));
            }
        }
    }

    /** A column. */
    public record Column(String name, Kind kind) {
        /** A column of words. */
        public static Column text(String name) {
            return new Column(name, Kind.TEXT);
        }

        /** A column of numbers, set flush right. */
        public static Column number(String name) {
            return new Column(name, Kind.NUMBER);
        }
    }

    /** What a column holds. */
    public enum Kind {
        TEXT,
        NUMBER
    }
}
