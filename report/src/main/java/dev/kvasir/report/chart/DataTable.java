package dev.kvasir.report.chart;

import java.util.List;

/**
 * A table of text and of numbers that are already formatted.
 *
 * @param title   heading
 * @param caption what the reader should notice; may be empty
 * @param columns name and kind of each column
 * @param rows    the cells, one for each column
 */
public record DataTable(String title, String caption, List<Column> columns, List<List<String>> rows)
        implements
            Figure {
    /**
     * Keeps copies of the lists. Throws IllegalArgumentException if the number of cells in a row differs from the
     * number of columns.
     */
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
        /** A column of text. */
        public static Column text(String name) {
            return new Column(name, Kind.TEXT);
        }

        /** A column of numbers, aligned right. */
        public static Column number(String name) {
            return new Column(name, Kind.NUMBER);
        }
    }

    /** The content of a column. */
    public enum Kind {
        TEXT,
        NUMBER
    }
}
