package dev.kvasir.guide;

/** Sizes of text, and its approximate width in the fonts that readers have. */
enum Type {
    /** Of a picture or of a large part of it. */
    HEADING(19, "600", 1.14),
    /** The name of a thing. */
    NAME(17, "600", 1.14),
    /** All else. */
    PLAIN(16, "400", 1.06),
    /** Numbers beside axes, remarks. */
    SMALL(15, "400", 1.06);

    /** Widths of the characters from space to tilde in Helvetica, in thousandths of the font size. */
    private static final int[] WIDTHS = {278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
        611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
        278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556,
        333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584};
    private static final int OTHER_CHARACTER = 620;

    private final int size;
    private final String weight;
    private final double room;

    Type(int size, String weight, double room) {
        this.size = size;
        this.weight = weight;
        this.room = room;
    }

    /** Units from line to line. */
    double leading() {
        return size * 1.35;
    }

    /** The font size in units. */
    int size() {
        return size;
    }

    /** Its CSS declarations. */
    String css() {
        return "font:%s %dpx -apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif".formatted(weight, size);
    }

    /** About the width of a text, in units, in the wider of the usual fonts. */
    double width(String text) {
        int sum = text.chars()
                .map(c -> c >= ' ' && c - ' ' < WIDTHS.length ? WIDTHS[c - ' '] : OTHER_CHARACTER)
                .sum();
        return room * sum * size / 1000;
    }
}
