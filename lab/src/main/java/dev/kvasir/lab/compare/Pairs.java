package dev.kvasir.lab.compare;

import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.statistics.Intervals;
import dev.kvasir.report.chart.Estimate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The scores of two variants on the same texts. A text is named by all axes of a result but those of the cache.
 *
 * @param first scores of one variant on the texts that both have
 * @param second scores of the other on the same texts
 * @param alone number of texts that only one of them has
 */
record Pairs(double[] first, double[] second, int alone) {

    /** The pairs of two variants. */
    static Pairs of(Results first, Results second, Score score) {
        Map<Map<String, String>, Double> one = byText(first, score);
        Map<Map<String, String>, Double> other = byText(second, score);
        var both = one.keySet().stream().filter(other::containsKey).toList();
        return new Pairs(both.stream().mapToDouble(text -> one.getOrDefault(text, Double.NaN)).toArray(),
                both.stream().mapToDouble(text -> other.getOrDefault(text, Double.NaN)).toArray(),
                one.size() + other.size() - 2 * both.size());
    }

    private static Map<Map<String, String>, Double> byText(Results results, Score score) {
        Map<Map<String, String>, Double> scores = new LinkedHashMap<>();
        for (Result result : results.all()) {
            Map<String, String> text = new LinkedHashMap<>(result.axes());
            text.keySet().removeAll(Grid.CACHE_AXES);
            double number = result.number(score.value());
            if (!Double.isNaN(number)) {
                scores.put(text, number);
            }
        }
        return scores;
    }

    /** The number of pairs. */
    int size() {
        return first.length;
    }

    /** First minus second, text by text. */
    double[] differences() {
        double[] differences = new double[first.length];
        for (int i = 0; i < first.length; i++) {
            differences[i] = first[i] - second[i];
        }
        return differences;
    }

    /** The mean difference with its interval: Newcombe's for right and wrong, else a bootstrap over the texts. */
    Estimate difference(Score score) {
        if (score.kind() != Score.Kind.YES_OR_NO) {
            return Intervals.mean(differences());
        }
        int both = 0;
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < first.length; i++) {
            both += first[i] == 1 && second[i] == 1 ? 1 : 0;
            onlyFirst += first[i] > second[i] ? 1 : 0;
            onlySecond += first[i] < second[i] ? 1 : 0;
        }
        return Intervals.shareDifference(both, onlyFirst, onlySecond, first.length - both - onlyFirst - onlySecond);
    }
}
