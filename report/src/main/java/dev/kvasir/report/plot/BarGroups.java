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
    /** Angle of names that do not fit side by side, in degrees. */
    private static final int ASLANT = 45;
    private static final int UPRIGHT = 90;
    /** The largest share of the plot's width that slanted names may use. Longer names stand upright. */
    private static final double MOST_OVERHANG = 0.36;
    private static final double MARGIN = 8;

    private BarGroups() {}

    /** Writes the names below the plot, slanted if they do not fit side by side. */
    static void label(AxesChart<? extends AxesChartStyler, ?> chart, String across, List<String> names, double room,
            PlotText words) {
        chart.setXAxisTitle(words.add(across, PlotText.Anchor.MIDDLE));
        AxesChartStyler styler = chart.getStyler();
        styler.setXAxisTickMarkSpacingHint(1);
        int degrees = degrees(names, room);
        if (degrees > 0) {
            styler.setXAxisLabelRotation(degrees);
            styler.setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        }
        if (degrees == ASLANT) {
            // XChart omits a name that would begin left of the chart.
            styler.setYAxisLeftWidthHint((int) overhang(names, room));
        }
    }

    /** The approximate width of the plot in an area with or without a legend beside it, in pixels. */
    static double room(PlotArea area, boolean hasLegend) {
        return area.width() * (area.narrow() ? 0.82 : hasLegend ? 0.7 : 0.88);
    }

    /** The area plus the height that slanted names need in a plot of this width. */
    static PlotArea fit(List<String> names, PlotArea area, double room) {
        return area.withHeight(
                area.height() + (int) (longest(names) * Math.sin(Math.toRadians(degrees(names, room)))));
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

    /** How far left of the plot the longest name begins, in pixels. Each name ends below the middle of its group. */
    private static double overhang(List<String> names, double room) {
        double group = 0.7 * room / names.size();
        double most = 0;
        for (int i = 0; i < names.size(); i++) {
            double across = length(names.get(i)) * Math.cos(Math.toRadians(ASLANT));
            most = Math.max(most, across + 2 * MARGIN - (i + 0.5) * group);
        }
        return most;
    }

    /** The names as printed, made distinct: XChart identifies groups by their names. */
    static List<String> names(List<String> names, PlotText words) {
        Set<String> seen = new HashSet<>();
        List<String> distinct = new ArrayList<>();
        for (String name : names) {
            String unique = name;
            for (int n = 2; !seen.add(unique); n++) {
                unique = name + " #" + n;
            }
            distinct.add(words.add(unique, PlotText.Anchor.MIDDLE));
        }
        return distinct;
    }
}
