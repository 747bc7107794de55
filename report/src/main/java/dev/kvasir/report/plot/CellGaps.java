package dev.kvasir.report.plot;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import org.knowm.xchart.internal.chartpart.Annotation;

/** Draws gaps between the cells of a heat map. Without gaps, rounding leaves seams between some cells. */
final class CellGaps extends Annotation {
    private static final BasicStroke GAP = new BasicStroke(2);

    private final int columns;
    private final int rows;

    /** Gaps for a plot of {@code columns} by {@code rows} cells. */
    CellGaps(int columns, int rows) {
        super(false);
        this.columns = columns;
        this.rows = rows;
    }

    @Override
    public void paint(Graphics2D g) {
        double left = getXAxisScreenValueForMin();
        double right = getXAxisScreenValueForMax();
        double top = getYAxisScreenValueForMin();
        double bottom = getYAxisScreenValueForMax();
        g.setStroke(GAP);
        g.setColor(Tint.PAPER.color());
        for (int column = 1; column < columns; column++) {
            double x = left + (right - left) * column / columns;
            g.draw(new Line2D.Double(x, top, x, bottom));
        }
        for (int row = 1; row < rows; row++) {
            double y = top + (bottom - top) * row / rows;
            g.draw(new Line2D.Double(left, y, right, y));
        }
    }
}
