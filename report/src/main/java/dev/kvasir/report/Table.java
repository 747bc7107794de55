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

    /**
     * This table as text of at most {@code width} columns: if it is wider, several tables beneath each other, each with
     * the first column and as many others as fit, at least one.
     */
    public String within(int width) {
        int[] widths = widths();
        List<String> parts = new ArrayList<>();
        int from = 1;
        while (from < names.size()) {
            int all = 1 + widths[0] + 3 + widths[from] + 3;
            int to = from + 1;
            while (to < names.size() && all + widths[to] + 3 <= width) {
                all += widths[to++] + 3;
            }
            parts.add(part(from, to).toString());
            from = to;
        }
        return parts.isEmpty() ? toString() : String.join("\n", parts);
    }

    /** The first column and those from {@code from} to before {@code to}. */
    private Table part(int from, int to) {
        Table part = new Table().column(names.get(0), aligned.get(0));
        for (int c = from; c < to; c++) {
            part.column(names.get(c), aligned.get(c));
        }
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>(row.subList(from, to));
            cells.add(0, row.get(0));
            part.row(cells.toArray(String[]::new));
        }
        return part;
    }

    private int[] widths() {
        int[] widths = new int[names.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = Math.max(3, names.get(c).length());
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        return widths;
    }

    @Override
    public String toString() {
        int[] widths = widths();
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
