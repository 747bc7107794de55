package dev.kvasir.report.gallery;

import dev.kvasir.kernels.digest.DigestKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How one kind of digest ranks the pages of a scene, in all dimensions of the keys.
 *
 * @param kind      the kind of digest
 * @param truth     [page] max q.k
 * @param estimates [page] the digest's estimate of it
 * @param trueRanks [page] from 1, the best
 * @param ranks     [page] from 1, by the estimates
 * @param winners   number of pages that are chosen
 */
record Ranking(DigestKind kind, double[] truth, double[] estimates, int[] trueRanks, int[] ranks, int winners) {
    static Ranking of(DigestKind kind, GalleryScene scene) {
        double[] query = widen(scene.query());
        double[] truth = scene.pages()
                .stream()
                .mapToDouble(page -> Arrays.stream(page.keys())
                        .mapToDouble(key -> Volume.dot(query, widen(key)))
                        .max()
                        .orElseThrow())
                .toArray();
        double[] estimates = scene.pages()
                .stream()
                .mapToDouble(page -> Volume.of(kind, widen(page.keys())).estimate(query))
                .toArray();
        return new Ranking(kind, truth, estimates, ranks(truth), ranks(estimates),
                Math.min(scene.winners(), truth.length));
    }

    static double[] widen(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }

    static double[][] widen(float[][] rows) {
        return Arrays.stream(rows).map(Ranking::widen).toArray(double[][]::new);
    }

    /** Pages with equal scores rank by page number. */
    private static int[] ranks(double[] scores) {
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer page) -> -scores[page]))
                .toList();
        int[] ranks = new int[scores.length];
        for (int rank = 0; rank < ranks.length; rank++) {
            ranks[order.get(rank)] = rank + 1;
        }
        return ranks;
    }

    /** The number of truly best pages among those that the estimates rank first. */
    int found() {
        return (int) IntStream.range(0, ranks.length)
                .filter(page -> trueRanks[page] <= winners && ranks[page] <= winners)
                .count();
    }

    /** Estimate minus truth, for each page. */
    double[] errors() {
        return IntStream.range(0, truth.length).mapToDouble(page -> estimates[page] - truth[page]).toArray();
    }

    /** The result for this kind of digest as a sentence. */
    String sentence() {
        double[] errors = errors();
        double mean = StatUtils.mean(errors);
        double spread = Math.sqrt(StatUtils.variance(errors));
        double agreement = new SpearmansCorrelation().correlation(truth, estimates);
        return String.format(Locale.ROOT,
                "%s finds %d of the %d best pages. Its estimates are %.2f too %s on average, with a spread of %.2f"
                        + " from page to page; the rank correlation with the truth is %.2f.",
                kind.optionName(), found(), winners, Math.abs(mean), mean < 0 ? "low" : "high", spread, agreement);
    }
}
