package dev.kvasir.runner.report.plot;

/**
 * The room that a plot has.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param narrow whether it is meant for narrow screens: the legend stands below, and there are fewer ticks
 */
public record Frame(int width, int height, boolean narrow) {
    /** For pages and papers. */
    public static final Frame WIDE = new Frame(760, 400, false);
    /** For telephones. */
    public static final Frame NARROW = new Frame(360, 260, true);

    /** This frame with room for a legend of so many entries of this height. */
    Frame withLegend(int entries, int entryHeight) {
        return narrow
                ? withHeight(height + entries * entryHeight)
                : withHeight(Math.max(height, 60 + entries * entryHeight));
    }

    /** About the height of the plot itself, in pixels; what frames are made higher by is for legends and names. */
    int plotHeight() {
        return narrow ? NARROW.height - 75 : WIDE.height - 80;
    }

    Frame withHeight(int newHeight) {
        return new Frame(width, newHeight, narrow);
    }
}
