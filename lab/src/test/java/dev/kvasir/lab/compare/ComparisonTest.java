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
            results.add(new Result(Map.of("policy", policy, "budget", budget, "page_size", "16", "repeat", "" + i),
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

        assertThat(comparison().findings()).containsExactly(
                "Pass keys, budget 512: arkvale is better than h2o (difference 95 % (70–99), p < 0.001, corrected < 0.001), and does not "
                        + "differ significantly from quest (difference 5 % (-12 to 24), p = 1.000, corrected = 1.000).",
                "p: signed rank test on 20 texts; corrected: by Holm for the 2 comparisons of this table.");
    }

    @Test
    void policiesAreComparedOnTheTextsThatBothHave() {
        add("arkvale", "512", 6, 6);
        add("h2o", "512", 0, 8);

        assertThat(comparison().findings()).first()
                .asString()
                .contains("h2o (difference 100 % (",
                        "p = 0.031, corrected = 0.031, 6 of 8 texts, because the others have one result)");
    }

    @Test
    void tooFewTextsForAnyDifferenceAreSaid() {
        add("arkvale", "512", 4, 4);
        add("h2o", "512", 0, 4);

        assertThat(comparison().findings()).containsExactly(
                "Pass keys, budget 512: arkvale does not differ significantly from h2o (difference 100 % (n = 4), p = 0.125, corrected = 0.125).",
                "p: signed rank test on 4 texts; corrected: by Holm for one comparison, which changes nothing. "
                        + "No difference on 4 can be significant: measure 6 or more.");
    }

    @Test
    void theTableHasABudgetAColumnAndFullInAllOfThem() {
        add("full", "unlimited", 2, 2);
        add("arkvale", "256", 1, 2);
        add("arkvale", "512", 2, 2);

        var table = comparison().table();

        assertThat(table.columns()).extracting(column -> column.name())
                .containsExactly("policy", "budget 256", "budget 512");
        assertThat(table.rows()).containsExactly(List.of("full", "100 % (n = 2)", "100 % (n = 2)"),
                List.of("arkvale", "50 % (n = 2)", "100 % (n = 2)"));
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
