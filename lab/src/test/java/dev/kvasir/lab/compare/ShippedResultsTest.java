package dev.kvasir.lab.compare;

import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.report.chart.Axis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds what docs/experiments.md says of the differences between policies, from the results that are shipped with it. */
class ShippedResultsTest {
    private static final Path FOLDER = Path.of("..", "docs", "results", "experiments");
    private static final Pattern FIELD = Pattern.compile("(\"(?:[^\"]|\"\")*\"|[^,\n]*)([,\n])");
    private static final List<String> AXES = List.of("source", "task", "length", "depth", "repeat", "policy", "budget",
            "page_size", "digest");

    private static Results results(String file) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<String> next = new ArrayList<>();
        for (MatchResult field : FIELD.matcher(Files.readString(FOLDER.resolve(file))).results().toList()) {
            next.add(field.group(1));
            if (field.group(2).equals("\n")) {
                rows.add(next);
                next = new ArrayList<>();
            }
        }
        List<Result> results = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            Map<String, String> axes = new LinkedHashMap<>();
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                String name = rows.getFirst().get(i);
                String text = row.get(i);
                if (AXES.contains(name)) {
                    axes.put(name, text);
                } else if (name.equals("cache.digest")) {
                    axes.putIfAbsent("digest", text);
                } else if (text.equals("true") || text.equals("false")) {
                    values.put(name, Boolean.valueOf(text));
                } else if (text.matches("-?\\d+(\\.\\d+)?(E-?\\d+)?")) {
                    values.put(name, Double.valueOf(text));
                }
            }
            results.add(new Result(axes, values, Map.of()));
        }
        return new Results(results);
    }

    private static List<String> findings(Results results, Score score) {
        return new Comparison(results, "x", score, new Variants(results)).findings();
    }

    private static Score number(String value, int digits) {
        return new Score(value, Axis.of(value, ""), Score.Kind.NUMBER, Score.Better.LOWER, digits);
    }

    @Test
    void eightPartsAreTooFewForTwelveComparisons() throws IOException {
        for (String file : List.of("perplexity", "fidelity")) {
            List<String> findings = findings(results(file + ".csv"),
                    file.equals("perplexity") ? number("perplexity", 2) : number("divergence", 3));

            assertThat(findings).hasSize(4)
                    .last()
                    .asString()
                    .contains("on 8 texts; corrected: by Holm for the 12 comparisons",
                            "on 8 can be significant: measure 9");
            assertThat(String.join(" ", findings)).doesNotContain("is better than")
                    .doesNotContain("difference 0.", "to 0.");
        }
    }

    @Test
    void perplexityAndDivergenceOfEachPartHaveTheseProbabilities() throws IOException {
        List<String> perplexity = findings(results("perplexity.csv"), number("perplexity", 2));
        List<String> divergence = findings(results("fidelity.csv"), number("divergence", 3));

        assertThat(perplexity).first()
                .asString()
                .contains("streaming-llm, cuboid-mean (difference -6.59 (-9.65 to -3.06), p = 0.039");
        assertThat(perplexity).element(1).asString().contains("(difference -2.12 (-3.38 to -0.75), p = 0.008");
        assertThat(perplexity).element(2).asString().contains("(difference -0.55 (-0.82 to -0.30), p = 0.016");
        assertThat(divergence).first()
                .asString()
                .contains("streaming-llm, cuboid-mean (difference -0.109 (-0.161 to -0.055), p = 0.008",
                        "h2o, cuboid-mean (difference -0.072 (-0.107 to -0.036), p = 0.008");
    }

    @Test
    void onQuestionsTheDifferencesAreSignificant() throws IOException {
        Results lines = results("lines.csv").at("digest", "cuboid-mean");
        assertThat(findings(lines, Score.accuracy("right", "found"))).hasSize(3)
                .noneSatisfy(finding -> assertThat(finding).contains("does not differ"))
                .first()
                .asString()
                .contains("streaming-llm, cuboid-mean (difference 22 % (7–36), p = 0.007, corrected = 0.018)");
        Results needles = results("needles.csv");
        Score share = new Score("score", Axis.share("given"), Score.Kind.SHARE, Score.Better.HIGHER, 0);
        for (String task : List.of("single", "multi-key", "multi-value", "multi-query")) {
            assertThat(findings(needles.at("task", task), share)).first()
                    .asString()
                    .contains("arkvale, cuboid-mean is better than")
                    .doesNotContain("does not differ", "corrected =");
        }
        Results passKeys = results("passkey.csv");
        for (String length : List.of("4096", "8192")) {
            assertThat(findings(passKeys.at("length", length), Score.accuracy("right", "found"))).first()
                    .asString()
                    .contains("arkvale, cuboid-mean is better than")
                    .doesNotContain("does not differ", "corrected =");
        }
    }
}
