package dev.kvasir.lab.compare;

import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.LineChart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComparisonTest {
    private static final Score RIGHT = Score.accuracy("right", "found");
    private final List<Result> results = new ArrayList<>();

    private void add(String policy, String budget, int right, int count) {
        for (int i = 0; i < count; i++) {
            results.add(new Result(Map.of("policy", policy, "budget", budget, "page_size", "16"),
                    Map.of("right", i < right), Map.of()));
        }
    }

    private Comparison comparison() {
        Results all = new Results(results);
        return new Comparison(all, "pass keys", RIGHT, new Variants(all));
    }

    @Test
    void nothingIsCalledBetterInsideItsNoise() {
        add("full", "unlimited", 20, 20);
        add("arkvale", "512", 20, 20);
        add("quest", "512", 19, 20);
        add("h2o", "512", 1, 20);

        assertThat(comparison().findings()).singleElement()
                .isEqualTo("Pass keys, budget 512: arkvale is better than h2o (p < 0.001), and does not "
                        + "differ significantly from quest (p = 0.342) with so few measurements.");
    }

    @Test
    void theTableHasABudgetAColumnAndFullInAllOfThem() {
        add("full", "unlimited", 2, 2);
        add("arkvale", "256", 1, 2);
        add("arkvale", "512", 2, 2);

        var table = comparison().table();

        assertThat(table.columns()).extracting(column -> column.name())
                .containsExactly("policy", "budget 256", "budget 512");
        assertThat(table.rows()).containsExactly(List.of("full", "100 % (34–100)", "100 % (34–100)"),
                List.of("arkvale", "50 % (9–91)", "100 % (34–100)"));
    }

    @Test
    void severalBudgetsAreALineAndOneIsABar() {
        add("arkvale", "256", 1, 2);
        assertThat(comparison().chart()).isInstanceOf(BarChart.class);

        add("arkvale", "32p", 1, 2); // 512 tokens
        assertThat(comparison().chart()).isInstanceOfSatisfying(LineChart.class,
                chart -> assertThat(chart.lines().get(0).points()).extracting(point -> point.x())
                        .containsExactly(256.0, 512.0));

        add("arkvale", "25%", 1, 2); // of what, depends on the text
        assertThat(comparison().chart()).isInstanceOf(BarChart.class);
    }
}
