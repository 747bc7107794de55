package dev.kvasir.report.chart;

import java.util.List;

/**
 * Groups of bars with error bars: a score by policy and budget.
 *
 * @param title      heading
 * @param caption    what the reader should notice; may be empty
 * @param across     quantity by which bars are grouped: "budget (tokens)"
 * @param groups     the group names, from left to right
 * @param y          the axis upwards; bars start at zero
 * @param series     one for each colour, each with a value for every group
 */
public record BarChart(String title, String caption, String across, List<String> groups, Axis y, List<Bars> series)
        implements
            Figure {
    /**
     * Keeps copies of the lists. Throws IllegalArgumentException if the number of values in a series differs from the
     * number of groups.
     */
    public BarChart {
        groups = List.copyOf(groups);
        series = List.copyOf(series);
        for (Bars bars : series) {
            if (bars.values().size() != groups.size()) {
                throw new IllegalArgumentException("series %s of \"%s\" has %d values for %d groups"
                        .formatted(bars.name(), title, bars.values().size(), groups.size()));
            }
        }
    }

    /** The bars of one colour, one for each group. */
    public record Bars(String name, List<Estimate> values) {
        /** Keeps a copy of the list. */
        public Bars {
            values = List.copyOf(values);
        }
    }
}
