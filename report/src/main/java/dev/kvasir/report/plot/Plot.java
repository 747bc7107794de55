package dev.kvasir.report.plot;

import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Exhibit;
import dev.kvasir.report.chart.HeatMap;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.StackedBars;
import java.awt.Rectangle;
import org.knowm.xchart.internal.chartpart.Chart;

/** A chart, drawn. */
public final class Plot {
    private final Exhibit exhibit;
    private final Palette palette;

    /** The plot of anything but a table, with the colours of a palette that knows all of its series. */
    public Plot(Exhibit exhibit, Palette palette) {
        if (exhibit instanceof DataTable) {
            throw new IllegalArgumentException("the table \"" + exhibit.title() + "\" is not drawn");
        }
        this.exhibit = exhibit;
        this.palette = palette;
    }

    /** An SVG document with a title. */
    public String svg(PlotArea frame) {
        return painting(frame, exhibit.title()).svg();
    }

    /** An svg element for a page, whose headings stand beside it and whose style defines the colours of {@link Tint}. */
    public String svgForPage(PlotArea frame, String idPrefix) {
        return painting(frame, "").svgForPage(idPrefix);
    }

    /** A PNG file with a title, {@link Painting#PNG_SCALE} times the size of its frame. */
    public byte[] png(PlotArea frame) {
        return painting(frame, exhibit.title()).png();
    }

    private Painting painting(PlotArea frame, String title) {
        PlotArea fitted = fitted(frame);
        return new Painting(fitted, title, (g, words) -> {
            Chart<?, ?> chart = chart(fitted, words);
            if (!title.isEmpty()) {
                chart.setTitle(words.say(title, Words.Anchor.MIDDLE));
            }
            chart.getStyler().setChartTitleVisible(!title.isEmpty());
            g.setColor(Tint.PAPER.color());
            g.fill(new Rectangle(fitted.width(), fitted.height()));
            // A chart may be narrower than its frame: names of lines stand beside it.
            chart.paint(g, chart.getWidth(), chart.getHeight());
        });
    }

    private PlotArea fitted(PlotArea frame) {
        return switch (exhibit) {
            case HeatMap map -> BarGroups.fit(map.columns(), HeatPlot.frame(map, frame), BarGroups.room(frame, false));
            case BarChart bars -> BarGroups.fit(BarPlot.names(bars),
                    frame.withAxis(bars.y().text()).withLegend(BarPlot.legend(bars), 28),
                    BarGroups.room(frame, BarPlot.legend(bars) > 0));
            case StackedBars stack -> BarGroups.fit(stack.bars(),
                    frame.withAxis(stack.y().text()).withLegend(stack.parts().size(), 28),
                    BarGroups.room(frame, true));
            case LineChart lines -> frame.withAxis(lines.y().text()).withLegend(lines.lines().size(), 18);
            case DataTable table -> frame;
        };
    }

    private Chart<?, ?> chart(PlotArea frame, Words words) {
        return switch (exhibit) {
            case LineChart lines -> LinePlot.of(lines, palette, frame, words);
            case BarChart bars -> BarPlot.of(bars, palette, frame, words);
            case StackedBars stack -> StackPlot.of(stack, palette, frame, words);
            case HeatMap map -> HeatPlot.of(map, frame, words);
            case DataTable table -> throw new IllegalStateException("tables are not drawn");
        };
    }
}
