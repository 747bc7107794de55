package dev.kvasir.runner.report.plot;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;

/** Axes with names instead of numbers. */
final class Groups {
    /** About the width of a character of a tick label, in pixels. */
    private static final double CHARACTER = 7.2;
    /** How names stand that have no room side by side, in degrees. */
    private static final int ASLANT = 45;
    private static final int UPRIGHT = 90;
    /** The share of the width that names aslant may take from the plot; longer ones stand upright. */
    private static final double MOST_OVERHANG = 0.28;
    private static final double MARGIN = 10;

    private Groups() {}

    /** Writes the names below the plot, aslant if there is no room for them side by side. */
    static void label(AxesChart<? extends AxesChartStyler, ?> chart, String across, List<String> names, Frame frame,
            Words words) {
        chart.setXAxisTitle(words.say(across, Words.Anchor.MIDDLE));
        AxesChartStyler styler = chart.getStyler();
        styler.setXAxisTickMarkSpacingHint(1);
        int degrees = degrees(names, frame);
        if (degrees > 0) {
            styler.setXAxisLabelRotation(degrees);
            styler.setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        }
        if (degrees == ASLANT) {
            // XChart leaves out a name that would begin left of the chart.
            styler.setYAxisLeftWidthHint((int) overhang(names, frame));
        }
    }

    /** The frame with as much more height as names aslant need. */
    static Frame fit(List<String> names, Frame frame) {
        return frame.withHeight(frame.height()
                + (int) (longest(names) * CHARACTER * Math.sin(Math.toRadians(degrees(names, frame)))));
    }

    private static int degrees(List<String> names, Frame frame) {
        double room = frame.width() * (frame.narrow() ? 0.82 : 0.7) / Math.max(1, names.size());
        if ((longest(names) + 1) * CHARACTER <= room) {
            return 0;
        }
        return room < 26 || overhang(names, frame) > MOST_OVERHANG * frame.width() ? UPRIGHT : ASLANT;
    }

    private static int longest(List<String> names) {
        return names.stream().mapToInt(String::length).max().orElse(0);
    }

    /** How far left of the plot names begin that end below the middle of their group, in pixels. */
    private static double overhang(List<String> names, Frame frame) {
        double group = frame.width() * 0.5 / names.size();
        double most = 0;
        for (int i = 0; i < names.size(); i++) {
            double length = names.get(i).length() * CHARACTER * Math.cos(Math.toRadians(ASLANT));
            most = Math.max(most, length + MARGIN - (i + 0.5) * group);
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
