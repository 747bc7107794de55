package dev.kvasir.report.plot;

import dev.kvasir.report.chart.LineChart;
import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.internal.chartpart.Annotation;
import org.knowm.xchart.style.markers.Marker;

/** Writes the names of lines beside their right ends, in place of a legend. */
final class LineNames extends Annotation {
    /**
     * A line and its right end, as positions on the axes.
     *
     * @param marker the marker of its points; empty for a line without markers
     */
    record End(String name, double x, double y, Tint tint, BasicStroke stroke, List<Marker> marker) {}

    /** If a line ends left of this share of the width, the names go to a legend. */
    private static final double LAST_PART = 0.88;
    /** The share of an area's width that names may take. */
    private static final double MOST_ROOM = 0.4;
    private static final int LINE_HEIGHT = 16;
    private static final int SAMPLE = 20;
    private static final int GAP = 14;
    private static final BasicStroke HAIR = new BasicStroke(1);

    private final List<End> ends;
    private final Scale x;
    private final Scale y;

    /** Names for these ends, to the right of a chart whose axes have these scales. */
    LineNames(List<End> ends, Scale x, Scale y) {
        super(false);
        this.x = x;
        this.y = y;
        this.ends = ends.stream().sorted(Comparator.comparingDouble(End::y).reversed()).toList();
    }

    /** The width in pixels that the names of a chart's lines take; 0 if a legend is better. */
    static int room(LineChart data, Scale x, PlotArea area) {
        List<LineChart.Line> shown = data.lines()
                .stream()
                .filter(line -> line.points().stream().anyMatch(point -> x.holds(x.place(point.x()))))
                .toList();
        if (area.narrow() || shown.isEmpty() || shown.size() * LINE_HEIGHT > area.plot()) {
            return 0;
        }
        double least = x.low() + LAST_PART * (x.high() - x.low());
        boolean together = shown.stream()
                .allMatch(line -> line.points()
                        .stream()
                        .anyMatch(point -> x.place(point.x()) >= least && Double.isFinite(point.y().value())));
        double widest = shown.stream().mapToDouble(line -> layout(line.name()).getAdvance()).max().orElse(0);
        int room = (int) (widest * 1.05) + GAP + SAMPLE + 6;
        return together && room < MOST_ROOM * area.width() ? room : 0;
    }

    private static TextLayout layout(String name) {
        return new TextLayout(name.isBlank() ? " " : name, Style.TICKS, Style.FONTS);
    }

    @Override
    public void paint(Graphics2D g) {
        double left = getXAxisScreenValueForMax() + GAP;
        double[] heights = spread(ends.stream().mapToDouble(end -> up(end.y())).toArray(),
                LINE_HEIGHT, getYAxisScreenValueForMin() + LINE_HEIGHT / 2.0, getYAxisScreenValueForMax());
        for (int i = 0; i < heights.length; i++) {
            End end = ends.get(i);
            double height = heights[i];
            g.setColor(end.tint().color());
            g.setStroke(HAIR);
            g.draw(new Line2D.Double(across(end.x()) + 6, up(end.y()), left, height));
            g.setStroke(end.stroke());
            g.draw(new Line2D.Double(left, height, left + SAMPLE, height));
            end.marker().forEach(marker -> marker.paint(g, left + SAMPLE / 2.0, height, 7));
            g.setColor(Tint.INK.color());
            AffineTransform before = g.getTransform();
            g.translate(left + SAMPLE + 5, height + 4);
            g.fill(new TextLayout(end.name(), Style.TICKS, g.getFontRenderContext()).getOutline(null));
            g.setTransform(before);
        }
    }

    // XChart's own screen values of an axis are wrong if the other axis has few ticks.
    private double across(double place) {
        double width = getXAxisScreenValueForMax() - getXAxisScreenValueForMin();
        return getXAxisScreenValueForMin() + width * inside((place - x.low()) / (x.high() - x.low()));
    }

    private double up(double place) {
        double height = getYAxisScreenValueForMax() - getYAxisScreenValueForMin();
        return getYAxisScreenValueForMax() - height * inside((place - y.low()) / (y.high() - y.low()));
    }

    private static double inside(double share) {
        return (1 - Style.CONTENT) / 2 + Style.CONTENT * share;
    }

    /**
     * Moves ascending positions so that neighbours are at least a gap apart, and between both ends if there is room.
     * The sum of squared moves is minimal.
     */
    static double[] spread(double[] places, double gap, double top, double bottom) {
        // Without the gaps, the positions must ascend. Neighbours that do not are moved to their mean.
        List<double[]> blocks = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            double[] block = {places[i] - i * gap, 1};
            while (!blocks.isEmpty() && blocks.getLast()[0] > block[0]) {
                double[] before = blocks.removeLast();
                double count = before[1] + block[1];
                block = new double[]{(before[0] * before[1] + block[0] * block[1]) / count, count};
            }
            blocks.add(block);
        }
        double last = Math.max(top, bottom - (places.length - 1) * gap);
        double[] spread = new double[places.length];
        int i = 0;
        for (double[] block : blocks) {
            for (int n = 0; n < block[1]; n++, i++) {
                spread[i] = Math.clamp(block[0], top, last) + i * gap;
            }
        }
        return spread;
    }
}
