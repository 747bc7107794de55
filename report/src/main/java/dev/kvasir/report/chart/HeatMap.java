package dev.kvasir.report.chart;

import java.util.List;

/**
 * A table of colours, such as retrieval by depth and length in needle tests.
 *
 * @param title   heading
 * @param caption what the reader should notice; may be empty
 * @param across  quantity of the columns: "length (tokens)"
 * @param columns the names of the columns, from left to right
 * @param down    quantity of the rows: "depth (%)"
 * @param rows    the names of the rows, from top to bottom
 * @param value   quantity shown by the colours
 * @param cells   [row][column], NaN for a missing value
 */
public record HeatMap(String title, String caption, String across, List<String> columns, String down, List<String> rows,
        Axis value, List<List<Double>> cells) implements Figure {
    /** Keeps copies of the lists. Throws IllegalArgumentException if the cells are not rows x columns. */
    public HeatMap {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        cells = cells.stream().map(List::copyOf).toList();
        int width = columns.size();
        if (cells.size() != rows.size() || cells.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException(
                    "the cells of \"%s\" are not %d rows of %d columns".formatted(title, rows.size(), width));
        }
    }
}
