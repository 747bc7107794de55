package dev.kvasir.runner.report.plot;

import dev.kvasir.runner.report.chart.BarChart;
import dev.kvasir.runner.report.chart.DataTable;
import dev.kvasir.runner.report.chart.Exhibit;
import dev.kvasir.runner.report.chart.HeatMap;
import dev.kvasir.runner.report.chart.LineChart;
import dev.kvasir.runner.report.chart.StackedBars;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** A chart, drawn. */
public final class Plot {
    /** Pixels of a PNG for each pixel of its frame. */
    public static final int PNG_SCALE = 2;

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
    public String svg(Frame frame) {
        Words words = new Words();
        return draw(frame, words, words.say(exhibit.title(), Words.Anchor.MIDDLE), "", false);
    }

    /** An svg element for a page, whose headings stand beside it and whose style defines the colours of {@link Tint}. */
    public String svgForPage(Frame frame, String idPrefix) {
        return draw(frame, new Words(), "", idPrefix, true);
    }

    private String draw(Frame frame, Words words, String title, String idPrefix, boolean themed) {
        Frame fitted = fitted(frame);
        Chart<?, ?> chart = chart(fitted, words, title);
        SvgCanvas canvas = SvgCanvas.of(fitted, words);
        chart.paint(canvas, fitted.width(), fitted.height());
        return Svg.write(canvas.drawing(), fitted, title, words, idPrefix, themed);
    }

    /** A PNG file with a title, {@link #PNG_SCALE} times the size of its frame. */
    public byte[] png(Frame frame) {
        Frame fitted = fitted(frame);
        Words words = new Words();
        Chart<?, ?> chart = chart(fitted, words, words.say(exhibit.title(), Words.Anchor.MIDDLE));
        BufferedImage image = new BufferedImage(fitted.width() * PNG_SCALE, fitted.height() * PNG_SCALE,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.scale(PNG_SCALE, PNG_SCALE);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        chart.paint(g, fitted.width(), fitted.height());
        g.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private Frame fitted(Frame frame) {
        return switch (exhibit) {
            case HeatMap map -> HeatPlot.frame(map, frame);
            case BarChart bars -> frame.withLegend(bars.series().size(), 28);
            case StackedBars stack -> frame.withLegend(stack.parts().size(), 28);
            case LineChart lines -> frame.withLegend(lines.lines().size(), 18);
            case DataTable table -> frame;
        };
    }

    private Chart<?, ?> chart(Frame frame, Words words, String title) {
        Chart<?, ?> chart = switch (exhibit) {
            case LineChart lines -> LinePlot.of(lines, palette, frame, words);
            case BarChart bars -> BarPlot.of(bars, palette, frame, words);
            case StackedBars stack -> StackPlot.of(stack, palette, frame, words);
            case HeatMap map -> HeatPlot.of(map, frame, words);
            case DataTable table -> throw new IllegalStateException("tables are not drawn");
        };
        chart.setTitle(title);
        chart.getStyler().setChartTitleVisible(!title.isEmpty());
        return chart;
    }
}
