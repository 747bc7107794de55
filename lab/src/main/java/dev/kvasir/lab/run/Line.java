package dev.kvasir.lab.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Row;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of {@code results.jsonl}: a row of a cell, or the reason why the cell has none.
 *
 * @param experiment its name
 * @param cell the axes of the cell
 * @param part further axes of the row
 * @param row number of the row in its cell, from 0
 * @param rows number of rows of the cell, which is done when all of them are in the file
 * @param skipped the reason why the cell cannot be measured; empty if it can
 * @param failed the fault, so that a resumed run tries again; empty if there was none
 * @param values the measured values
 * @param origin conditions of the measurement
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"experiment", "cell", "part", "row", "rows", "skipped", "failed", "values", "origin"})
record Line(String experiment, Map<String, String> cell, Map<String, String> part, int row, int rows, String skipped,
        String failed, Map<String, Object> values, Map<String, Object> origin) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Replaces missing parts by empty ones, because Jackson passes null for them. */
    Line {
        part = part == null ? Map.of() : part;
        skipped = skipped == null ? "" : skipped;
        failed = failed == null ? "" : failed;
        values = values == null ? Map.of() : values;
        origin = origin == null ? Map.of() : origin;
    }

    static Line measured(String experiment, Cell cell, Row row, int number, int rows, Map<String, Object> origin) {
        return new Line(experiment, cell.axes(), row.axes(), number, rows, "", "", row.values(), origin);
    }

    static Line skipped(String experiment, Cell cell, String reason, Map<String, Object> origin) {
        return new Line(experiment, cell.axes(), Map.of(), 0, 1, reason, "", Map.of(), origin);
    }

    static Line failed(String experiment, Cell cell, String reason, Map<String, Object> origin) {
        return new Line(experiment, cell.axes(), Map.of(), 0, 1, "", reason, Map.of(), origin);
    }

    /** The line as JSON, its end included. */
    String toJson() {
        try {
            return MAPPER.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers and strings are always JSON", e);
        }
    }

    /** @throws JsonProcessingException if the text is not such a line */
    static Line of(String json) throws JsonProcessingException {
        return MAPPER.readValue(json, Line.class);
    }

    /** Whether the cell was measured. */
    boolean isMeasured() {
        return skipped.isEmpty() && failed.isEmpty();
    }

    /** The line as a result for the experiment. */
    Result result() {
        Map<String, String> axes = new LinkedHashMap<>(cell);
        axes.putAll(part);
        return new Result(axes, values, origin);
    }
}
