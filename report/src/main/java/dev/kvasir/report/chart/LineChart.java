package dev.kvasir.report.chart;

import java.util.List;

/**
 * Lines over numbers: accuracy by length, recall by k.
 *
 * @param title   heading
 * @param caption what the reader should notice; may be empty
 * @param x       the axis across
 * @param y       the axis upwards
 * @param lines   one for each policy, digest or setting; the same name has the same colour in all charts
 */
public record LineChart(String title, String caption, Axis x, Axis y, List<Line> lines) implements Figure {
    /** Keeps a copy of the list. */
    public LineChart {
        lines = List.copyOf(lines);
    }

    /** The kind of a line. */
    public enum Kind {
        /** A measurement of this run. */
        MEASURED,
        /** A value for comparison: the paper's result, a bound, or chance. Drawn grey and dashed. */
        REFERENCE
    }

    /**
     * A named line.
     *
     * @param name   policy, digest or setting
     * @param kind   measured, or a reference
     * @param points from left to right; a NaN value leaves a gap
     */
    public record Line(String name, Kind kind, List<Point> points) {
        /** Keeps a copy of the list. */
        public Line {
            points = List.copyOf(points);
        }

        /** A measured line. */
        public static Line measured(String name, List<Point> points) {
            return new Line(name, Kind.MEASURED, points);
        }

        /** A line to compare with. */
        public static Line reference(String name, List<Point> points) {
            return new Line(name, Kind.REFERENCE, points);
        }
    }

    /** A point of a line; {@code y} may have an interval, drawn as a band. */
    public record Point(double x, Estimate y) {
        /** A point without an interval. */
        public static Point of(double x, double y) {
            return new Point(x, Estimate.of(y));
        }
    }
}
