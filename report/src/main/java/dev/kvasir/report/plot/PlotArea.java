package dev.kvasir.report.plot;

import java.awt.font.TextLayout;

/**
 * The room that a plot has.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param plot   about the height of the plot itself, in pixels; the rest is for title, names and legend
 * @param narrow whether it is meant for narrow screens: the legend stands below, and there are fewer ticks
 */
public record PlotArea(int width, int height, int plot, boolean narrow) {
    /** For pages and papers. */
    public static final PlotArea WIDE = new PlotArea(760, 400, 320, false);
    /** For telephones. */
    public static final PlotArea NARROW = new PlotArea(360, 260, 185, true);

    /** This frame with room for a legend of so many entries of this height. */
    PlotArea withLegend(int entries, int entryHeight) {
        return narrow
                ? withHeight(height + entries * entryHeight)
                : withHeight(Math.max(height, 60 + entries * entryHeight));
    }

    /** This frame with a plot at least so high that the title of its upward axis fits beside it. */
    PlotArea withAxis(String title) {
        double length = title.isBlank() ? 0 : new TextLayout(title, Style.LABELS, Style.FONTS).getAdvance();
        int missing = Math.max(0, (int) Math.ceil(length) - plot);
        return new PlotArea(width, height + missing, plot + missing, narrow);
    }

    PlotArea withHeight(int newHeight) {
        return new PlotArea(width, newHeight, plot, narrow);
    }
}
