package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.DigestKind;
import java.util.ArrayList;
import java.util.List;

/**
 * How well digests find the important pages (the paper's figure 7). With {@code R_k} the {@code k} pages of highest
 * exact importance and {@code E_k} those of highest estimate, for {@code k} from 1:
 *
 * <pre>
 * found[k - 1]   |E_k and R_k| / k
 * mass[k - 1]    attention mass of E_k, as a share of that of all ranked pages
 * </pre>
 *
 * @param maxK the largest {@code k}
 */
public record DigestComparison(RankingScope scope, List<DigestKind> kinds, int maxK) {
    /** The name of the exact ranking among the samples. */
    public static final String EXACT = "exact";

    /**
     * One decode step of one layer, as the mean over its selection groups.
     *
     * @param digest the digest's name, or {@link #EXACT}
     */
    public record Sample(String digest, int layer, int step, double[] found, double[] mass) {}

    /**
     * The samples of every decode step of every layer from {@code firstLayer} on, for every kind and the exact ranking.
     */
    public List<Sample> of(AttentionTrace trace, int firstLayer) {
        List<Sample> samples = new ArrayList<>();
        for (int layer = firstLayer; layer < trace.shape().layers(); layer++) {
            samples.addAll(ofLayer(trace, layer));
        }
        return samples;
    }

    private List<Sample> ofLayer(AttentionTrace trace, int layer) {
        int groups = scope.groups(trace);
        List<Sample> samples = new ArrayList<>();
        for (int step = 1; step <= trace.steps(); step++) {
            for (int i = 0; i <= kinds.size(); i++) {
                String name = i == kinds.size() ? EXACT : kinds.get(i).optionName();
                samples.add(new Sample(name, layer, step, new double[maxK], new double[maxK]));
            }
        }
        var exact = new PageAttention(trace, groups, scope.pageSize());
        for (int group = 0; group < groups; group++) {
            try (var estimates = new DigestEstimates(trace, layer, group, groups, scope.pageSize(), scope.kvType(),
                    kinds)) {
                for (int step = 1; step <= trace.steps(); step++) {
                    exact.compute(layer, step, group);
                    int at = (step - 1) * (kinds.size() + 1);
                    int to = scope.end(trace, step);
                    var truth = PageRanking.of(scope.sinks(), to, exact::importance);
                    for (int i = 0; i < kinds.size(); i++) {
                        float[] scores = estimates.score(kinds.get(i), scope.aggregation(), step, to);
                        var ranking = PageRanking.of(scope.sinks(), to, page -> scores[page]);
                        add(samples.get(at + i), ranking, truth, exact, groups);
                    }
                    add(samples.get(at + kinds.size()), truth, truth, exact, groups);
                }
            }
        }
        return samples;
    }

    private void add(Sample sample, PageRanking ranking, PageRanking truth, PageAttention exact, int groups) {
        double all = 0;
        for (int page : ranking.order()) {
            all += exact.mass(page);
        }
        double[] found = ranking.overlap(truth, maxK);
        double mass = 0;
        for (int k = 1; k <= maxK; k++) {
            if (k <= ranking.size()) {
                mass += exact.mass(ranking.order()[k - 1]);
            }
            sample.found()[k - 1] += found[k - 1] / groups;
            sample.mass()[k - 1] += (all > 0 ? mass / all : 1) / groups;
        }
    }
}
