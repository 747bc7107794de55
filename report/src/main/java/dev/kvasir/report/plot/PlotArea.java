package dev.kvasir.report.plot;

import java.awt.font.TextLayout;

/**
 * The size of a plot.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param plot   approximate height of the plot itself in pixels; the rest is for title, names and legend
 * @param narrow whether it is for narrow screens: the legend stands below, and there are fewer ticks
 */
public record PlotArea(int width, int height, int plot, boolean narrow) {
    /** For pages and papers. */
    public static final PlotArea WIDE = new PlotArea(760, 400, 320, false);
    /** For telephones. */
    public static final PlotArea NARROW = new PlotArea(360, 260, 185, true);

    /** This area plus room for a legend of {@code entries} entries, each {@code entryHeight} pixels high. */
    PlotArea withLegend(int entries, int entryHeight) {
        return narrow
                ? withHeight(height + entries * entryHeight)
                : withHeight(Math.max(height, 60 + entries * entryHeight));
    }

    /** This area with a plot high enough for the title of its upward axis. */
    PlotArea withAxis(String title) {
        double length = title.isBlank() ? 0 : new TextLayout(title, Style.LABELS, Style.FONTS).getAdvance();
        int missing = Math.max(0, (int) Math.ceil(length) - plot);
        return new PlotArea(width, height + missing, plot + missing, narrow);
    }

    PlotArea withHeight(int newHeight) {
        return new PlotArea(width, newHeight, plot, narrow);
    }
}
