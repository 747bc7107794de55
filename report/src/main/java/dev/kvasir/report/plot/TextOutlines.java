package dev.kvasir.report.plot;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the text that an outline of letters shows. */
final class TextOutlines {
    /**
     * A text as it was painted.
     *
     * @param text    the text
     * @param font    its font
     * @param degrees its angle, counterclockwise
     * @param advance its length in pixels
     */
    record Painted(String text, Font font, int degrees, double advance) {}

    private static final List<Font> FONTS = List.of(Style.TICKS, Style.LABELS, Style.TITLE, Style.CELLS);
    private static final List<Integer> TURNS = List.of(0, 90, 45);

    private final PlotText words;
    private final Set<FontRenderContext> contexts = new HashSet<>();
    private final Set<String> known = new HashSet<>();
    private final Map<List<Long>, Painted> outlines = new HashMap<>();

    TextOutlines(PlotText words, FontRenderContext context) {
        this.words = words;
        // XChart uses the canvas's context in some places and its own in others.
        contexts.add(context);
        contexts.add(new FontRenderContext(null, true, false));
    }

    /** The text whose outline this shape is, if there is one. */
    Optional<Painted> find(Shape shape) {
        for (String word : words.all().keySet()) {
            if (known.add(word)) {
                addOutlines(word);
            }
        }
        return Optional.ofNullable(outlines.get(key(shape)));
    }

    private void addOutlines(String word) {
        for (FontRenderContext context : contexts) {
            for (Font font : FONTS) {
                TextLayout layout = new TextLayout(word, font, context);
                for (int turn : TURNS) {
                    AffineTransform rotation = AffineTransform.getRotateInstance(-Math.toRadians(turn), 0, 0);
                    Shape outline = layout.getOutline(turn == 0 ? null : rotation);
                    outlines.putIfAbsent(key(outline), new Painted(word, font, turn, layout.getAdvance()));
                }
            }
        }
    }

    /** The steps and coordinates of an outline, in thousandths of a pixel. */
    private static List<Long> key(Shape shape) {
        double[] at = new double[6];
        long[] key = new long[64];
        int size = 0;
        for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
            int kind = path.currentSegment(at);
            int numbers = switch (kind) {
                case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> 2;
                case PathIterator.SEG_QUADTO -> 4;
                case PathIterator.SEG_CUBICTO -> 6;
                default -> 0;
            };
            if (size + numbers + 1 > key.length) {
                key = Arrays.copyOf(key, 2 * key.length);
            }
            key[size++] = kind;
            for (int i = 0; i < numbers; i++) {
                key[size++] = Math.round(1000 * at[i]);
            }
        }
        return Arrays.stream(key, 0, size).boxed().toList();
    }
}
