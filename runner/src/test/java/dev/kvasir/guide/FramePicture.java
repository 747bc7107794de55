package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;

/** Where the keys and values of a page's tokens lie in its frame. */
final class FramePicture {
    /** The shape of the pages of {@code docs/how-a-page-lives.md}. */
    private static final PageGeometry SHAPE = new PageGeometry(8, 4, 8, KvType.F16);
    private static final int HEAD = 2;
    private static final int SLOT = 7;
    private static final int DIMENSION = 3;
    private static final double LEFT = 34;
    private static final double WIDTH = 508;
    private static final double CELL = 26;
    private static final double GRIDS = 262;
    private static final double KEYS = 58;
    private static final double VALUES = 330;

    private FramePicture() {}

    static Sheet draw() {
        var sheet = new Sheet(594, "A frame: the keys and values of each head, one head after the other");
        sheet.text(16, 28, "A frame, %,d bytes".formatted(SHAPE.frameBytes()), Type.HEADING, Ink.INK);
        sheet.text(16, 53, "%d heads, %d tokens, %d dimensions, 2 bytes a number".formatted(SHAPE.heads(),
                SHAPE.pageSize(), SHAPE.headDim()), Type.PLAIN, Ink.MUTED);
        heads(sheet);
        grid(sheet, KEYS, "keys", "token", "dimension", true);
        grid(sheet, VALUES, "values", "dimension", "token", false);
        return sheet;
    }

    private static void heads(Sheet sheet) {
        double each = WIDTH / SHAPE.heads();
        for (int head = 0; head < SHAPE.heads(); head++) {
            double x = LEFT + head * each;
            Ink ink = head == HEAD ? Ink.BLUE : Ink.GREY;
            sheet.box(x + 2, 78, each - 4, 44, ink);
            sheet.text(x + each / 2, 106, "head " + head, head == HEAD ? Type.NAME : Type.PLAIN, Ink.INK,
                    Align.MIDDLE);
            sheet.text(x, 143, "" + SHAPE.keyOffset(head, 0, 0), Type.SMALL, Ink.MUTED, Align.MIDDLE);
        }
        sheet.text(LEFT + WIDTH, 143, "" + SHAPE.frameBytes(), Type.SMALL, Ink.MUTED, Align.END);
        double x = LEFT + HEAD * each;
        sheet.dashes(Ink.BLUE, x + 2, 152, KEYS, GRIDS - 62);
        sheet.dashes(Ink.BLUE, x + each - 2, 152, VALUES + SHAPE.headDim() * CELL, GRIDS - 62);
    }

    private static void grid(Sheet sheet, double left, String name, String across, String down, boolean keys) {
        int columns = keys ? SHAPE.pageSize() : SHAPE.headDim();
        int rows = keys ? SHAPE.headDim() : SHAPE.pageSize();
        long first = keys ? SHAPE.keyOffset(HEAD, 0, 0) : SHAPE.valueOffset(HEAD, 0, 0);
        long marked = keys ? SHAPE.keyOffset(HEAD, SLOT, DIMENSION) : SHAPE.valueOffset(HEAD, SLOT, DIMENSION);
        sheet.text(left, GRIDS - 38, name, Type.NAME, Ink.INK);
        sheet.text(left + columns * CELL, GRIDS - 38, "from byte " + first, Type.SMALL, Ink.MUTED, Align.END);
        sheet.text(left + columns * CELL / 2, GRIDS - 10, "%s \u2192\u00a0\u00a0 %s \u2193".formatted(across, down),
                Type.SMALL,
                Ink.MUTED, Align.MIDDLE);
        int width = SHAPE.type().bytes();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                long offset = keys ? SHAPE.keyOffset(HEAD, column, row) : SHAPE.valueOffset(HEAD, row, column);
                if (offset != first + (long) width * (row * columns + column)) {
                    throw new IllegalStateException("the frame is no longer laid out as the picture has it");
                }
                boolean token = (keys ? column : row) == SLOT;
                double x = left + column * CELL;
                double y = GRIDS + row * CELL;
                if (offset == marked) {
                    sheet.bar(x + 1.5, y + 1.5, CELL - 3, CELL - 3, Ink.ORANGE);
                } else {
                    sheet.area(x + 1.5, y + 1.5, CELL - 3, CELL - 3, token ? Ink.ORANGE : Ink.BLUE);
                }
            }
        }
        double y = GRIDS + rows * CELL;
        if (keys) {
            sheet.outline(left + SLOT * CELL, GRIDS, CELL, rows * CELL, Ink.ORANGE);
        } else {
            sheet.outline(left, GRIDS + SLOT * CELL, columns * CELL, CELL, Ink.ORANGE);
        }
        sheet.text(left, y + 28, "%s of token %d,".formatted(keys ? "key" : "value", SLOT), Type.PLAIN, Ink.INK);
        sheet.text(left, y + 50, "dimension %d: byte %d".formatted(DIMENSION, marked), Type.PLAIN, Ink.INK);
        sheet.text(left, y + 79, "A vector holds", Type.SMALL, Ink.MUTED);
        sheet.text(left, y + 99, keys ? "one dimension of 8 tokens." : "8 dimensions of one token.", Type.SMALL,
                Ink.MUTED);
    }
}
