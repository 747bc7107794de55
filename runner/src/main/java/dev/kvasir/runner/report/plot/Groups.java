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

    private Groups() {}

    /** Writes the names below the plot, aslant if there is no room for them side by side. */
    static void label(AxesChart<? extends AxesChartStyler, ?> chart, String across, List<String> names, Frame frame,
            Words words) {
        chart.setXAxisTitle(words.say(across, Words.Anchor.MIDDLE));
        AxesChartStyler styler = chart.getStyler();
        styler.setXAxisTickMarkSpacingHint(1);
        int longest = names.stream().mapToInt(String::length).max().orElse(0);
        double room = frame.width() * (frame.narrow() ? 0.82 : 0.7) / Math.max(1, names.size());
        if ((longest + 1) * CHARACTER > room) {
            styler.setXAxisLabelRotation(room < 26 ? 90 : 45);
            styler.setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        }
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
