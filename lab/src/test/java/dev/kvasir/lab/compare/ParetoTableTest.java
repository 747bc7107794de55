package dev.kvasir.lab.compare;

import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.compare.ParetoTable.Point;
import dev.kvasir.report.chart.Axis;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ParetoTableTest {
    private static final Score FOUND = Score.accuracy("right", "found");
    private static final Score LOSS = new Score("loss", Axis.of("loss", ""), Score.Kind.NUMBER, Score.Better.LOWER, 2);

    private static Result result(String policy, String budget, boolean right, long bytes, double seconds) {
        return new Result(Map.of("policy", policy, "budget", budget, "page_size", "16"),
                Map.of("right", right, "held_bytes", bytes, "decode_seconds", seconds, "decoded_tokens", 10), Map.of());
    }

    @Test
    void aRowIsOnTheFrontUnlessAnotherIsAsGoodInAllAndBetterInOne() {
        Results results = new Results(List.of(result("full", "unlimited", true, 4096, 1),
                result("full", "unlimited", true, 4096, 1), result("arkvale", "128", true, 1024, 2),
                result("arkvale", "128", false, 1024, 2), result("h2o", "128", false, 1024, 2),
                result("tova", "128", false, 1024, 0.5), result("quest", "128", true, 4096, 2)));

        var table = ParetoTable.of(results, "pass keys", FOUND, new Variants(results)).orElseThrow();

        assertThat(table.columns().stream().map(column -> column.name())).containsExactly("policy", "budget",
                "memory held", "found", "tokens/s", "on the front");
        assertThat(table.rows()).containsExactly(List.of("full", "unlimited", "4.00 KiB", "100 %", "10.0", "yes"),
                List.of("arkvale", "128", "1.00 KiB", "50 %", "5.0", "yes"),
                List.of("h2o", "128", "1.00 KiB", "0 %", "5.0", ""), // arkvale finds more
                List.of("tova", "128", "1.00 KiB", "0 %", "20.0", "yes"), // the fastest
                List.of("quest", "128", "4.00 KiB", "100 %", "5.0", "")); // full is faster
    }

    @Test
    void twoEqualPointsAreBothOnTheFront() {
        var a = new Point("a", "1", 10, 0.5, 3);
        var b = new Point("b", "1", 10, 0.5, 3);

        assertThat(ParetoTable.isOnFront(a, List.of(a, b), Score.Better.HIGHER)).isTrue();
        assertThat(ParetoTable.isOnFront(b, List.of(a, b), Score.Better.HIGHER)).isTrue();
    }

    @Test
    void aLossIsBetterWhenLowerAndWithoutTimesTwoMeasuresDecide() {
        Results results = new Results(List.of(loss("full", 3, 40), loss("arkvale", 3.5, 10), loss("h2o", 3.7, 10)));

        var table = ParetoTable.of(results, "a text", LOSS, new Variants(results)).orElseThrow();

        assertThat(table.rows()).containsExactly(List.of("full", "64", "40 B", "3.00", "yes"),
                List.of("arkvale", "64", "10 B", "3.50", "yes"), List.of("h2o", "64", "10 B", "3.70", ""));
    }

    private static Result loss(String policy, double loss, long bytes) {
        return new Result(Map.of("policy", policy, "budget", "64", "page_size", "16"),
                Map.of("loss", loss, "held_bytes", bytes), Map.of());
    }

    @Test
    void resultsWithoutMemoryHaveNoTable() {
        Results results = new Results(List.of(new Result(Map.of("policy", "full", "budget", "64", "page_size", "16"),
                Map.of("right", true), Map.of())));

        assertThat(ParetoTable.of(results, "x", FOUND, new Variants(results))).isEmpty();
    }
}
