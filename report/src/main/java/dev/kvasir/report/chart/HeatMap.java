package dev.kvasir.report.chart;

import java.util.List;

/**
 * A table of colours: retrieval by depth and length, as needle tests are shown.
 *
 * @param title   what is shown
 * @param caption what to see in it; may be empty
 * @param across  what the columns are: "length (tokens)"
 * @param columns the names of the columns, from left to right
 * @param down    what the rows are: "depth (%)"
 * @param rows    the names of the rows, from top to bottom
 * @param value   what the colours stand for
 * @param cells   [row][column], NaN where nothing was measured
 */
public record HeatMap(String title, String caption, String across, List<String> columns, String down, List<String> rows,
        Axis value, List<List<Double>> cells) implements Exhibit {
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
