package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import java.util.List;

/** One decode step: from a token to the next one. */
final class StepPicture {
    /** A step of the cache in a layer, in order. */
    private record Phase(String name, String purpose) {}

    private static final List<Phase> PHASES = List.of(new Phase("append", "key and value go into the newest frame"),
            new Phase("score", "digests and query give each page a number"),
            new Phase("choose", "the policy selects the best pages"),
            new Phase("evict", "the least important give up their frames"),
            new Phase("recall", "copies from the host to these frames begin"),
            new Phase("attend", "the residents, then the recalled pages"),
            new Phase("merge", "the partial results become one"));

    private static final double HEIGHT = 948;
    private static final double MIDDLE = 280;
    private static final double GAP = 24;
    private static final double ROW = 40;

    private StepPicture() {}

    static Sheet draw() {
        var sheet = new Sheet(HEIGHT, "One decode step, from a token to the next");
        sheet.text(16, 28, "One decode step", Type.HEADING, Ink.INK);
        double y = small(sheet, 46, "token");
        y = small(sheet, next(sheet, y, GAP), "embedding");
        double loop = y + GAP;
        sheet.text(34, loop + 30, "each layer", Type.NAME, Ink.MUTED);
        y = small(sheet, next(sheet, y, 2 * GAP), "norm");
        y = small(sheet, next(sheet, y, GAP), "query, key, value");
        y = small(sheet, next(sheet, y, GAP), "RoPE");
        y = cache(sheet, next(sheet, y, GAP));
        y = small(sheet, next(sheet, y, GAP), "output");
        y = small(sheet, next(sheet, y, GAP), "feed-forward");
        sheet.group(16, loop, 528, y + GAP - loop, Ink.MUTED);
        y = small(sheet, next(sheet, y, 2 * GAP), "logits, sampler");
        small(sheet, next(sheet, y, GAP), "next token");
        return sheet;
    }

    /** An arrow down; returns where it ends. */
    private static double next(Sheet sheet, double y, double length) {
        sheet.arrow(Ink.MUTED, MIDDLE, y, MIDDLE, y + length);
        return y + length;
    }

    /** A box of one line; returns its lower end. */
    private static double small(Sheet sheet, double top, String name) {
        sheet.box(MIDDLE - 95, top, 190, ROW, Ink.GREY);
        sheet.text(MIDDLE, top + 26, name, Type.PLAIN, Ink.INK, Align.MIDDLE);
        return top + ROW;
    }

    private static double cache(Sheet sheet, double top) {
        double height = 52 + PHASES.size() * 30;
        sheet.box(34, top, 492, height, Ink.BLUE);
        sheet.text(52, top + 30, "the cache", Type.NAME, Ink.BLUE);
        for (int i = 0; i < PHASES.size(); i++) {
            double y = top + 62 + i * 30;
            sheet.text(70, y, PHASES.get(i).name(), Type.NAME, Ink.INK);
            sheet.text(154, y, PHASES.get(i).purpose(), Type.PLAIN, Ink.INK);
        }
        return top + height;
    }
}
