package dev.kvasir.runner.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** Rows of short words and a text, as in {@code --help}: within 80 columns, the text goes on below itself. */
final class Listing {
    private static final int WIDTH = 80;
    private static final int GAP = 2;

    private final List<String[]> rows = new ArrayList<>();

    /** Adds a row; all rows have as many cells. */
    Listing row(String... cells) {
        rows.add(cells);
        return this;
    }

    @Override
    public String toString() {
        int words = rows.get(0).length - 1;
        Column[] columns = new Column[words + 1];
        int used = 0;
        for (int c = 0; c < words; c++) {
            int place = c;
            int width = GAP + rows.stream().mapToInt(row -> row[place].length()).max().orElse(0);
            columns[c] = new Column(width, 0, Overflow.TRUNCATE);
            used += width;
        }
        columns[words] = new Column(WIDTH - used, 0, Overflow.WRAP);
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns);
        for (String[] row : rows) {
            var cells = new Ansi.Text[row.length];
            for (int c = 0; c < row.length; c++) {
                cells[c] = Ansi.OFF.new Text(row[c], Help.defaultColorScheme(Ansi.OFF));
            }
            table.addRowValues(cells);
        }
        return table.toString().lines().map(String::stripTrailing).reduce("", (all, line) -> all + line + "\n");
    }
}
