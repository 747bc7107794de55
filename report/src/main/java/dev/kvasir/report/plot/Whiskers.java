package dev.kvasir.report.plot;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.List;
import org.knowm.xchart.internal.chartpart.Annotation;

/** Draws intervals over the bars of a category chart. XChart's own error bars would have to be symmetric. */
final class Whiskers extends Annotation {
    /** The ends of the intervals of a series, one for each group; NaN for a group without an interval. */
    record Column(double[] low, double[] high) {
        /** The first intervals of several series as one column, side by side. */
        static Column of(List<Column> columns) {
            return new Column(columns.stream().mapToDouble(column -> column.low()[0]).toArray(),
                    columns.stream().mapToDouble(column -> column.high()[0]).toArray());
        }
    }

    /** A light border around the whiskers, because some bars are as dark as they are. */
    private static final BasicStroke HALO = new BasicStroke(3.6f, BasicStroke.CAP_SQUARE, BasicStroke.JOIN_MITER);
    private static final BasicStroke STROKE = new BasicStroke(1.3f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

    private final List<Column> columns;
    private final double fill;

    /** Whiskers for bars that fill this share of their group's width. */
    Whiskers(List<Column> columns, double fill) {
        super(false);
        this.columns = columns;
        this.fill = fill;
    }

    @Override
    public void paint(Graphics2D g) {
        double left = getXAxisScreenValueForMin();
        double width = getXAxisScreenValueForMax() - left;
        double first = left + (1 - Style.CONTENT) / 2 * width;
        g.setStroke(HALO);
        g.setColor(Tint.PAPER.color());
        draw(g, first, width);
        g.setStroke(STROKE);
        g.setColor(Tint.INK.color());
        draw(g, first, width);
    }

    private void draw(Graphics2D g, double first, double width) {
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            int groups = column.low().length;
            double room = Style.CONTENT * width / groups;
            double bar = room * fill / columns.size();
            double cap = Math.min(4, bar / 3);
            for (int group = 0; group < groups; group++) {
                if (Double.isNaN(column.low()[group]) || Double.isNaN(column.high()[group])) {
                    continue;
                }
                double x = first + room * group + room * (1 - fill) / 2 + bar * (i + 0.5);
                double low = getYAxisScreenValue(column.low()[group]);
                double high = getYAxisScreenValue(column.high()[group]);
                g.draw(new Line2D.Double(x, low, x, high));
                g.draw(new Line2D.Double(x - cap, low, x + cap, low));
                g.draw(new Line2D.Double(x - cap, high, x + cap, high));
            }
        }
    }
}
