package dev.kvasir.report.chart;

import java.util.List;

/**
 * Groups of bars with error bars: a score by policy and budget.
 *
 * @param title      what is shown
 * @param caption    what to see in it; may be empty
 * @param across     what the groups are: "budget (tokens)"
 * @param groups     the group names, from left to right
 * @param y          the axis upwards; bars start at zero
 * @param series     one for each colour; every one has a value for every group
 */
public record BarChart(String title, String caption, String across, List<String> groups, Axis y, List<Bars> series)
        implements
            Exhibit {
    /** Keeps copies of the lists. Throws IllegalArgumentException if a series has not one value a group. */
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
