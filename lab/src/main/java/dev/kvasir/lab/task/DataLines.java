package dev.kvasir.lab.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.data.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Cells over the lines of data files: each line is a case, named by the axes {@code source} and {@code line}. */
final class DataLines {
    /** The axis of the file, as the user has named it. */
    static final String SOURCE = "source";
    private static final String LINE = "line";

    private DataLines() {}

    /** A cell for every usable line of every file and every cache; {@code --cases} limits the lines of a file. */
    static List<Cell> cells(Settings settings, List<String> files, Function<JsonNode, Optional<String>> problem) {
        List<Cell> cells = new ArrayList<>();
        for (String file : files) {
            List<Integer> lines = new JsonLines(JsonLines.path(file)).usable(problem, settings.dataProblems());
            cells.addAll(Grid.of(settings)
                    .over(SOURCE, List.of(file))
                    .over(LINE, Grid.cases(settings, lines))
                    .caches()
                    .cells());
        }
        return cells;
    }

    /** The case of a cell. */
    static JsonNode of(Cell cell) {
        return new JsonLines(Path.of(cell.text(SOURCE))).line(cell.number(LINE));
    }
}
