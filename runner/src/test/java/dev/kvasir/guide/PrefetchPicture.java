package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import java.util.List;

/** Layers under {@code --prefetch} and the copies beside them; time goes down. */
final class PrefetchPicture {
    private static final double LEFT = 16;
    private static final double WIDTH = 270;
    private static final double EARLY = 334;
    private static final double LATE = 446;
    private static final double COPY = 98;
    private static final double EACH = 252;

    private PrefetchPicture() {}

    static Sheet draw() {
        var sheet = new Sheet(700, "Layers under prefetch: computing on the left, copies on the right, time goes down");
        sheet.text(16, 28, "Prefetch: copies beside computing", Type.HEADING, Ink.INK);
        sheet.text(LEFT, 60, "computing", Type.NAME, Ink.BLUE);
        sheet.text(EARLY, 60, "copies from the host", Type.NAME, Ink.GREEN);
        layer(sheet, 76, "l", "l + 1");
        layer(sheet, 76 + EACH, "l + 1", "l + 2");
        chooses(sheet, 76 + 2 * EACH, "l + 2");
        sheet.text(LEFT, 76 + 2 * EACH + 108, "time goes down", Type.SMALL, Ink.MUTED);
        return sheet;
    }

    private static void layer(Sheet sheet, double top, String name, String next) {
        chooses(sheet, top, name);
        sheet.box(LEFT, top + 88, WIDTH, 40, Ink.GREEN);
        sheet.text(LEFT + 16, top + 114, "guess for layer " + next, Type.PLAIN, Ink.INK);
        sheet.box(LEFT, top + 134, WIDTH, 92, Ink.BLUE);
        sheet.lines(LEFT + 16, top + 162, List.of("attend the residents,", "attend the late pages,", "feed-forward"),
                Type.PLAIN, Ink.INK, Align.START);
        sheet.box(EARLY, top + 96, COPY, 130, Ink.GREEN);
        sheet.text(EARLY + COPY / 2, top + 134, "early", Type.NAME, Ink.INK, Align.MIDDLE);
        sheet.lines(EARLY + COPY / 2, top + 160, List.of("guessed", "for " + next), Type.SMALL, Ink.INK, Align.MIDDLE);
        sheet.arrow(Ink.MUTED, LEFT + WIDTH, top + 108, EARLY, top + 108);
        sheet.box(LATE, top + 50, COPY, 120, Ink.ORANGE);
        sheet.text(LATE + COPY / 2, top + 88, "late", Type.NAME, Ink.INK, Align.MIDDLE);
        sheet.lines(LATE + COPY / 2, top + 114, List.of("missed by", "the guess"), Type.SMALL, Ink.INK, Align.MIDDLE);
        sheet.arrow(Ink.MUTED, LEFT + WIDTH, top + 64, LATE, top + 64);
        sheet.arrow(Ink.MUTED, EARLY + COPY / 2, top + 226, EARLY + COPY / 2, top + EACH + 24, LEFT + WIDTH,
                top + EACH + 24);
    }

    private static void chooses(Sheet sheet, double top, String name) {
        sheet.box(LEFT, top, WIDTH, 82, Ink.BLUE);
        sheet.text(LEFT + 16, top + 26, "layer " + name, Type.NAME, Ink.INK);
        sheet.text(LEFT + 16, top + 48, "score and choose", Type.PLAIN, Ink.INK);
        sheet.text(LEFT + 16, top + 70, "with its own query", Type.PLAIN, Ink.INK);
    }
}
