package dev.kvasir.guide;

import java.util.List;

/** One operation in all its forms: the classes of paged attention, found in the source tree. */
final class FormsPicture {
    private static final SourceTree KERNELS = SourceTree.of("tornado-kernels");

    private FormsPicture() {}

    static Sheet draw() {
        var sheet = new Sheet(610,
                "Paged attention in all its forms, each tested against the plain loop of the reference");
        sheet.text(16, 28, "One operation, its forms", Type.HEADING, Ink.INK);
        sheet.text(16, 53, "Paged attention in four forms, and earlier versions", Type.PLAIN, Ink.MUTED);
        form(sheet, 16, 72, 528, "reference", "plain loops: tests compare every other form with it", Ink.ORANGE,
                List.of("reference/PagedAttention"));
        form(sheet, 72, 196, 472, "vector", "Vector API, runs on every JDK 25", Ink.BLUE,
                List.of("vector/PagedAttention"));
        form(sheet, 72, 312, 472, "machine", "code assembled by Java, for AVX-512", Ink.BLUE,
                List.of("PageScores", "PageValues"));
        form(sheet, 72, 452, 232, "tornado", "GPU", Ink.BLUE,
                List.of("tornado/PagedAttention", "tornado/PagedAttentionHalf"));
        form(sheet, 324, 452, 220, "tornado/ladder", "earlier versions", Ink.GREY,
                List.of("PagedAttention1Naive", "PagedAttention2Group", "PagedAttention3Split"));
        for (double y : new double[]{244, 360, 500}) {
            sheet.line(Ink.MUTED, 1.8, 72, y, 40, y);
        }
        sheet.line(Ink.MUTED, 1.8, 304, 500, 324, 500);
        sheet.arrow(Ink.MUTED, 40, 500, 40, 168);
        return sheet;
    }

    private static void form(Sheet sheet, double x, double top, double width, String name, String purpose, Ink ink,
            List<String> classes) {
        List<String> lines = classes.stream().map(KERNELS::only).toList();
        sheet.box(x, top, width, 72 + 24 * lines.size(), ink);
        sheet.text(x + 16, top + 29, name, Type.NAME, Ink.INK);
        sheet.text(x + 16, top + 53, purpose, Type.SMALL, Ink.MUTED);
        for (int i = 0; i < lines.size(); i++) {
            sheet.text(x + 16, top + 82 + i * 24, lines.get(i), Type.SMALL, Ink.INK);
        }
    }
}
