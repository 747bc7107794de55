package dev.kvasir.report.plot;

import java.awt.font.TextLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;

/** Axes with names instead of numbers. */
final class BarGroups {
    /** How names stand that have no room side by side, in degrees. */
    private static final int ASLANT = 45;
    private static final int UPRIGHT = 90;
    /** The share of the width that names aslant may take from the plot; longer ones stand upright. */
    private static final double MOST_OVERHANG = 0.36;
    private static final double MARGIN = 8;

    private BarGroups() {}

    /** Writes the names below the plot, aslant if there is no room for them side by side. */
    static void label(AxesChart<? extends AxesChartStyler, ?> chart, String across, List<String> names, double room,
            Words words) {
        chart.setXAxisTitle(words.say(across, Words.Anchor.MIDDLE));
        AxesChartStyler styler = chart.getStyler();
        styler.setXAxisTickMarkSpacingHint(1);
        int degrees = degrees(names, room);
        if (degrees > 0) {
            styler.setXAxisLabelRotation(degrees);
            styler.setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        }
        if (degrees == ASLANT) {
            // XChart leaves out a name that would begin left of the chart.
            styler.setYAxisLeftWidthHint((int) overhang(names, room));
        }
    }

    /** About how wide the plot is in a frame with or without a legend beside it, in pixels. */
    static double room(PlotArea frame, boolean hasLegend) {
        return frame.width() * (frame.narrow() ? 0.82 : hasLegend ? 0.7 : 0.88);
    }

    /** The frame with as much more height as names aslant need in a plot of this width. */
    static PlotArea fit(List<String> names, PlotArea frame, double room) {
        return frame.withHeight(
                frame.height() + (int) (longest(names) * Math.sin(Math.toRadians(degrees(names, room)))));
    }

    private static int degrees(List<String> names, double room) {
        double each = room / Math.max(1, names.size());
        if (longest(names) + MARGIN <= each) {
            return 0;
        }
        return each < 26 || overhang(names, room) > MOST_OVERHANG * room ? UPRIGHT : ASLANT;
    }

    private static double longest(List<String> names) {
        return names.stream().mapToDouble(BarGroups::length).max().orElse(0);
    }

    private static double length(String name) {
        return name.isBlank() ? 0 : new TextLayout(name, Style.TICKS, Style.FONTS).getAdvance();
    }

    /** How far left of the plot names begin that end below the middle of their group, in pixels. */
    private static double overhang(List<String> names, double room) {
        double group = 0.7 * room / names.size();
        double most = 0;
        for (int i = 0; i < names.size(); i++) {
            double across = length(names.get(i)) * Math.cos(Math.toRadians(ASLANT));
            most = Math.max(most, across + 2 * MARGIN - (i + 0.5) * group);
        }
        return most;
    }

    /** The names as they are written; XChart tells groups apart by them. */
    static List<String> names(List<String> names, Words words) {
        Set<String> seen = new HashSet<>();
        List<String> distinct = new ArrayList<>();
        for (String name : names) {
            String unique = name;
            for (int n = 2; !seen.add(unique); n++) {
                unique = name + " #" + n;
            }
            distinct.add(words.say(unique, Words.Anchor.MIDDLE));
        }
        return distinct;
    }
}
