package dev.kvasir.report.plot;

import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.Shape;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.DOMImplementation;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Batik's canvas, except that it writes outlines of known texts as text. */
final class SvgCanvas extends SVGGraphics2D {
    private final PlotText words;
    private final TextOutlines outlines;

    private SvgCanvas(SVGGeneratorContext context, PlotText words) {
        super(context, false);
        this.words = words;
        this.outlines = new TextOutlines(words, getFontRenderContext());
    }

    private SvgCanvas(SvgCanvas parent) {
        super(parent);
        this.words = parent.words;
        this.outlines = parent.outlines;
    }

    static SvgCanvas of(PlotArea area, PlotText words) {
        DOMImplementation dom;
        try {
            dom = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().getDOMImplementation();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser does not start", e);
        }
        Document document = dom.createDocument(SVG_NAMESPACE_URI, "svg", null);
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setPrecision(2);
        SvgCanvas canvas = new SvgCanvas(context, words);
        canvas.setSVGCanvasSize(new Dimension(area.width(), area.height()));
        return canvas;
    }

    @Override
    public void fill(Shape shape) {
        Optional<TextOutlines.Painted> word = outlines.find(shape);
        if (word.isEmpty()) {
            super.fill(shape);
            return;
        }
        TextOutlines.Painted painted = word.get();
        if (painted.text().isBlank()) {
            return;
        }
        Font font = getFont();
        // Text is never cut off, and one clip for each text would make up most of the file.
        Shape clip = getClip();
        setClip(null);
        setFont(painted.font());
        double turn = -Math.toRadians(painted.degrees());
        rotate(turn);
        boolean middle = words.all().get(painted.text()) == PlotText.Anchor.MIDDLE;
        // Svg puts the middle of the text at this position if the text has the anchor MIDDLE.
        drawString(painted.text(), middle ? (float) (painted.advance() / 2) : 0f, 0f);
        rotate(-turn);
        setFont(font);
        setClip(clip);
    }

    @Override
    public Graphics create() {
        return new SvgCanvas(this);
    }

    /** The whole drawing as an svg element. */
    Element drawing() {
        return getRoot();
    }
}
