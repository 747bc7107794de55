package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Horizontal bars in groups, bounds as lines. */
final class Bars {
    /**
     * A bar.
     *
     * @param text the number at its end
     */
    record Bar(Ink ink, double value, String text) {}

    /**
     * Bars of one thing.
     *
     * @param label the thing
     * @param bound the most that any program can reach, NaN if it is not known
     */
    record Row(String label, List<Bar> bars, double bound) {}

    /** Rows that share a heading. */
    record Group(String heading, List<Row> rows) {}

    /** A colour and its meaning. */
    record Key(Ink ink, String text) {}

    private static final double RIGHT = Sheet.WIDTH - 20;
    private static final double THICK = 22;
    private static final double HEADING = 40;

    private final List<Group> groups;
    private final List<Key> keys;
    private final String boundText;
    private final double labels;
    private final boolean oneScale;

    /**
     * @param boundText the meaning of the line; empty if there are no bounds
     * @param labels    units of width for labels left of the bars; 0 to write them above
     * @param oneScale  whether bars of all groups can be compared
     */
    Bars(List<Group> groups, List<Key> keys, String boundText, double labels, boolean oneScale) {
        this.groups = groups;
        this.keys = keys;
        this.boundText = boundText;
        this.labels = labels;
        this.oneScale = oneScale;
    }

    /** The picture. */
    Sheet draw(String title, String subtitle) {
        boolean legend = !keys.isEmpty() || !boundText.isEmpty();
        double y = legend ? 102 : 72;
        double height = y + groups.stream().mapToDouble(this::height).sum();
        var sheet = new Sheet(height, title);
        sheet.text(16, 28, title, Type.HEADING, Ink.INK);
        sheet.text(16, 53, subtitle, Type.PLAIN, Ink.MUTED);
        if (legend) {
            legend(sheet);
        }
        for (Group group : groups) {
            group(sheet, y, group);
            y += height(group);
        }
        return sheet;
    }

    private double height(Group group) {
        return (group.heading().isEmpty() ? 0 : HEADING) + group.rows().stream().mapToDouble(this::height).sum() + 10;
    }

    private double height(Row row) {
        return (labels == 0 ? 24 : 0) + THICK * row.bars().size() + 16;
    }

    private void legend(Sheet sheet) {
        double x = 16;
        for (Key key : keys) {
            sheet.bar(x, 71, 16, 14, key.ink());
            sheet.text(x + 23, 84, key.text(), Type.PLAIN, Ink.INK);
            x += 23 + Type.PLAIN.width(key.text()) + 22;
        }
        if (!boundText.isEmpty()) {
            sheet.line(Ink.ORANGE, 3, x + 4, 68, x + 4, 88);
            sheet.text(x + 14, 84, boundText, Type.PLAIN, Ink.INK);
        }
    }

    private void group(Sheet sheet, double top, Group group) {
        double largest = (oneScale ? groups.stream() : Stream.of(group)).flatMap(one -> one.rows().stream())
                .flatMapToDouble(row -> DoubleStream.concat(
                        DoubleStream.of(Double.isNaN(row.bound()) ? 0 : row.bound()),
                        row.bars().stream().mapToDouble(Bar::value)))
                .max()
                .orElseThrow();
        double unit = (RIGHT - 16 - labels) / largest;
        double y = top;
        if (!group.heading().isEmpty()) {
            sheet.text(16, y + 20, group.heading(), Type.NAME, Ink.INK);
            y += HEADING;
        }
        for (Row row : group.rows()) {
            double first = y + (labels == 0 ? 24 : 0);
            double thick = THICK * row.bars().size();
            sheet.text(16, labels == 0 ? y + 16 : first + thick / 2 + 5, row.label(), Type.PLAIN, Ink.INK);
            for (int i = 0; i < row.bars().size(); i++) {
                bar(sheet, first + i * THICK, unit, row.bars().get(i), row.bound());
            }
            if (!Double.isNaN(row.bound())) {
                double x = 16 + labels + unit * row.bound();
                sheet.line(Ink.ORANGE, 3, x, first - 2, x, first + thick);
            }
            y += height(row);
        }
    }

    private void bar(Sheet sheet, double y, double unit, Bar bar, double bound) {
        double left = 16 + labels;
        double width = unit * bar.value();
        sheet.bar(left, y, width, THICK - 2, bar.ink());
        double text = Type.SMALL.width(bar.text()) + 12;
        double end = left + width;
        boolean inside = width > text;
        boolean crossed = !inside && Math.abs(left + unit * bound - end - text / 2) < text / 2 + 4;
        double x = inside ? end - 7 : crossed ? left + unit * bound + 9 : end + 7;
        sheet.text(x, y + 15.5, bar.text(), Type.SMALL, inside ? Ink.PAPER : Ink.INK,
                inside ? Align.END : Align.START);
    }
}
