package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import java.util.List;

/** The task graphs of one token and the decisions of the host between them. */
final class GraphsPicture {
    private static final double DEVICE = 16;
    private static final double WIDE = 318;
    private static final double HOST = 386;
    private static final double NARROW = 158;
    private static final double GAP = 38;

    private GraphsPicture() {}

    static Sheet draw() {
        var sheet = new Sheet(820, "The task graphs of one token, and the decisions of the host between them");
        sheet.text(16, 28, "The graphs of one token", Type.HEADING, Ink.INK);
        sheet.text(DEVICE, 62, "device", Type.NAME, Ink.BLUE);
        sheet.text(HOST, 62, "host", Type.NAME, Ink.ORANGE);
        double y = graph(sheet, 76, "graph 0",
                List.of("embedding", "layer 0: norm, q, k, v, RoPE,", "append, digest, score, top-k"));
        y = graph(sheet, host(sheet, y), "graph 1", List.of("layer 0: attend residents,", "recalled pages, merge,",
                "output, feed-forward", "layer 1: norm \u2026 top-k"));
        y = host(sheet, y);
        sheet.box(DEVICE, y, WIDE, 104, Ink.BLUE);
        sheet.text(DEVICE + WIDE / 2, y + 57, "\u2026 a graph for each layer \u2026", Type.PLAIN, Ink.INK,
                Align.MIDDLE);
        y = graph(sheet, host(sheet, y + 104), "last graph", List.of("last layer: attend residents,",
                "recalled pages, merge, \u2026", "logits, arg-max"));
        sheet.arrow(Ink.MUTED, DEVICE + WIDE / 2, y, DEVICE + WIDE / 2, y + GAP);
        sheet.box(DEVICE, y + GAP, WIDE, 48, Ink.GREY);
        sheet.text(DEVICE + WIDE / 2, y + GAP + 30, "next token", Type.PLAIN, Ink.INK, Align.MIDDLE);
        return sheet;
    }

    /** Returns its lower end. */
    private static double graph(Sheet sheet, double top, String name, List<String> lines) {
        double height = 56 + lines.size() * 26;
        sheet.box(DEVICE, top, WIDE, height, Ink.BLUE);
        sheet.text(DEVICE + 18, top + 32, name, Type.NAME, Ink.INK);
        for (int i = 0; i < lines.size(); i++) {
            boolean begins = lines.get(i).contains("layer");
            sheet.text(DEVICE + (begins || i == 0 ? 18 : 34), top + 62 + i * 26, lines.get(i), Type.PLAIN, Ink.INK);
        }
        return top + height;
    }

    /** The host's part behind the graph that ends at {@code from}; returns where the next one begins. */
    private static double host(Sheet sheet, double from) {
        double to = from + GAP;
        double top = (from + to) / 2 - 46;
        sheet.box(HOST, top, NARROW, 92, Ink.ORANGE);
        sheet.lines(HOST + NARROW / 2, top + 28, List.of("the policy decides", "which pages leave", "and come back"),
                Type.PLAIN, Ink.INK, Align.MIDDLE);
        sheet.arrow(Ink.MUTED, DEVICE + WIDE, from - 20, HOST, from - 20);
        sheet.arrow(Ink.MUTED, HOST, to + 20, DEVICE + WIDE, to + 20);
        return to;
    }
}
