package dev.kvasir.report.plot;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A drawing that can be written as SVG and as PNG. */
public final class Painting {
    /** Pixels of a PNG for each pixel of its area. */
    public static final int PNG_SCALE = 2;

    private final PlotArea area;
    private final String title;
    private final BiConsumer<Graphics2D, PlotText> painter;

    /**
     * A painting.
     *
     * @param area   its size
     * @param title   its title
     * @param painter paints on a canvas of that size
     */
    Painting(PlotArea area, String title, BiConsumer<Graphics2D, PlotText> painter) {
        this.area = area;
        this.title = title;
        this.painter = painter;
    }

    /** A painting whose painter draws text as strings; see {@link #Painting(PlotArea, String, BiConsumer)}. */
    public static Painting of(PlotArea area, String title, Consumer<Graphics2D> painter) {
        return new Painting(area, title, (g, words) -> painter.accept(g));
    }

    /** An SVG document. */
    public String svg() {
        return draw(title, "", false);
    }

    /** An svg element for a page. The page describes it in text and defines the colours of {@link Tint}. */
    public String svgForPage(String idPrefix) {
        return draw("", idPrefix, true);
    }

    private String draw(String shownTitle, String idPrefix, boolean themed) {
        PlotText words = new PlotText();
        SvgCanvas canvas = SvgCanvas.of(area, words);
        painter.accept(canvas, words);
        return Svg.write(canvas.drawing(), area, shownTitle, words, idPrefix, themed);
    }

    /** A PNG file, {@link #PNG_SCALE} times the size of the area. */
    public byte[] png() {
        BufferedImage image = new BufferedImage(area.width() * PNG_SCALE, area.height() * PNG_SCALE,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.scale(PNG_SCALE, PNG_SCALE);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        painter.accept(g, new PlotText());
        g.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // not the default stream: it caches in a file, and that fails while the JVM shuts down after Ctrl-C
        try (var stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
