package dev.kvasir.report.chart;

import java.util.List;

/**
 * Bars made of parts that add up: a decode step split into estimate, select, recall, attention and others.
 *
 * @param title   heading
 * @param caption what the reader should notice; may be empty
 * @param across  quantity of the bars: "prompt length (tokens)"
 * @param bars    the names of the bars, in order
 * @param y       the axis along the bars
 * @param parts   the parts from the base outwards, each with a value for every bar
 */
public record StackedBars(String title, String caption, String across, List<String> bars, Axis y, List<Part> parts)
        implements
            Figure {
    /**
     * Keeps copies of the lists. Throws IllegalArgumentException if the number of values in a part differs from the
     * number of bars.
     */
    public StackedBars {
        bars = List.copyOf(bars);
        parts = List.copyOf(parts);
        for (Part part : parts) {
            if (part.values().size() != bars.size()) {
                throw new IllegalArgumentException("part %s of \"%s\" has %d values for %d bars"
                        .formatted(part.name(), title, part.values().size(), bars.size()));
            }
        }
    }

    /** One colour of every bar. */
    public record Part(String name, List<Double> values) {
        /** Keeps a copy of the list. */
        public Part {
            values = List.copyOf(values);
        }
    }
}
