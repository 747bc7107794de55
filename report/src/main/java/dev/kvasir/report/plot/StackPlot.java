package dev.kvasir.report.plot;

import dev.kvasir.report.chart.StackedBars;
import dev.kvasir.report.chart.StackedBars.Part;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.style.CategoryStyler;

/** Stacked bars. */
final class StackPlot {
    private StackPlot() {}

    static CategoryChart of(StackedBars data, Palette palette, PlotArea area, PlotText words) {
        double[] totals = IntStream.range(0, data.bars().size())
                .mapToDouble(bar -> data.parts().stream().mapToDouble(part -> finite(part.values().get(bar))).sum())
                .toArray();
        Scale y = Scale.of(data.y(), DoubleStream.concat(DoubleStream.of(0), DoubleStream.of(totals)).toArray(), 6);
        CategoryChart chart = new CategoryChart(area.width(), area.height(), Style.THEME);
        CategoryStyler styler = chart.getStyler();
        Style.apply(styler, area);
        chart.setYAxisTitle(words.add(data.y().text(), PlotText.Anchor.MIDDLE));
        BarGroups.label(chart, data.across(), data.bars(), BarGroups.room(area, true), words);
        styler.setStacked(true)
                .setAvailableSpaceFill(0.6)
                .setYAxisMin(0.0)
                .setYAxisMax(y.high())
                .setYAxisTickMarkSpacingHint(y.spacingHint(area.plot()))
                .setYAxisTickLabelsFormattingFunction(place -> words.add(y.label(place), PlotText.Anchor.MIDDLE));
        List<String> bars = BarGroups.names(data.bars(), words);
        for (int i = 0; i < data.parts().size(); i++) {
            Part part = data.parts().get(i);
            chart.addSeries("part " + i, bars, part.values().stream().map(value -> finite(y.place(value))).toList())
                    .setLabel(words.add(part.name(), PlotText.Anchor.START))
                    .setFillColor(palette.tint(part.name()).color());
        }
        BarPlot.uneven(chart, bars);
        return chart;
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0;
    }
}
