package dev.kvasir.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown. Its columns also line up in the source text. */
public final class Table {
    /** The side to which the cells of a column are aligned. */
    public enum Align {
        LEFT,
        RIGHT
    }

    private final List<String> names = new ArrayList<>();
    private final List<Align> aligned = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a column. All columns must be added before the first row. */
    public Table column(String name, Align align) {
        names.add(name);
        aligned.add(align);
        return this;
    }

    /** Adds a row: one cell a column. */
    public Table row(String... cells) {
        if (cells.length != names.size()) {
            throw new IllegalArgumentException("%d cells for %d columns".formatted(cells.length, names.size()));
        }
        rows.add(List.of(cells));
        return this;
    }

    @Override
    public String toString() {
        int[] widths = new int[names.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = Math.max(3, names.get(c).length());
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        line(text, names, widths);
        for (int c = 0; c < widths.length; c++) {
            String dashes = "-".repeat(widths[c] - 1);
            text.append("| ").append(dashes).append(aligned.get(c) == Align.RIGHT ? ": " : "- ");
        }
        text.append("|\n");
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private void line(StringBuilder text, List<String> cells, int[] widths) {
        for (int c = 0; c < widths.length; c++) {
            String padding = " ".repeat(widths[c] - cells.get(c).length());
            text.append("| ")
                    .append(aligned.get(c) == Align.RIGHT ? padding + cells.get(c) : cells.get(c) + padding)
                    .append(' ');
        }
        text.append("|\n");
    }
}
