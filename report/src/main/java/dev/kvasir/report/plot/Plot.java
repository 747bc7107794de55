package dev.kvasir.report.plot;

import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.chart.HeatMap;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.StackedBars;
import java.awt.Rectangle;
import org.knowm.xchart.internal.chartpart.Chart;

/** Draws a chart. */
public final class Plot {
    private final Figure figure;
    private final Palette palette;

    /** The plot of a chart, not of a table. The palette must contain all of its series. */
    public Plot(Figure figure, Palette palette) {
        if (figure instanceof DataTable) {
            throw new IllegalArgumentException("the table \"" + figure.title() + "\" is not drawn");
        }
        this.figure = figure;
        this.palette = palette;
    }

    /** An SVG document with a title. */
    public String svg(PlotArea area) {
        return painting(area, figure.title()).svg();
    }

    /** An svg element for a page. The page has the heading and defines the colours of {@link Tint}. */
    public String svgForPage(PlotArea area, String idPrefix) {
        return painting(area, "").svgForPage(idPrefix);
    }

    /** A PNG file with a title, {@link Painting#PNG_SCALE} times the size of its area. */
    public byte[] png(PlotArea area) {
        return painting(area, figure.title()).png();
    }

    private Painting painting(PlotArea area, String title) {
        PlotArea fitted = fitted(area);
        return new Painting(fitted, title, (g, words) -> {
            Chart<?, ?> chart = chart(fitted, words);
            if (!title.isEmpty()) {
                chart.setTitle(words.add(title, PlotText.Anchor.MIDDLE));
            }
            chart.getStyler().setChartTitleVisible(!title.isEmpty());
            g.setColor(Tint.PAPER.color());
            g.fill(new Rectangle(fitted.width(), fitted.height()));
            // A chart may be narrower than its area, because names of lines stand beside it.
            chart.paint(g, chart.getWidth(), chart.getHeight());
        });
    }

    private PlotArea fitted(PlotArea area) {
        return switch (figure) {
            case HeatMap map -> BarGroups.fit(map.columns(), HeatPlot.area(map, area), BarGroups.room(area, false));
            case BarChart bars -> BarGroups.fit(BarPlot.names(bars),
                    area.withAxis(bars.y().text()).withLegend(BarPlot.legend(bars), 28),
                    BarGroups.room(area, BarPlot.legend(bars) > 0));
            case StackedBars stack -> BarGroups.fit(stack.bars(),
                    area.withAxis(stack.y().text()).withLegend(stack.parts().size(), 28),
                    BarGroups.room(area, true));
            case LineChart lines -> area.withAxis(lines.y().text()).withLegend(lines.lines().size(), 18);
            case DataTable table -> area;
        };
    }

    private Chart<?, ?> chart(PlotArea area, PlotText words) {
        return switch (figure) {
            case LineChart lines -> LinePlot.of(lines, palette, area, words);
            case BarChart bars -> BarPlot.of(bars, palette, area, words);
            case StackedBars stack -> StackPlot.of(stack, palette, area, words);
            case HeatMap map -> HeatPlot.of(map, area, words);
            case DataTable table -> throw new IllegalStateException("tables are not drawn");
        };
    }
}
