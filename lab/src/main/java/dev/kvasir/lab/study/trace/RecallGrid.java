package dev.kvasir.lab.study.trace;

import dev.kvasir.kvcache.plan.CacheOptions;
import java.util.List;

/**
 * Runs a {@link RecallSimulator} for every number of chosen pages and every capacity along one trace.
 *
 * @param ks pages chosen a step
 * @param capacities pages that have a frame
 */
public record RecallGrid(int[] ks, int[] capacities) {

    /**
     * The mean number of pages recalled a decode step, summed over the layers that evict and their selection groups.
     *
     * @param options digest, sinks, window, groups and dense layers
     * @return {@code [k][capacity]}, NaN where the capacity is below {@code k}
     */
    public double[][] recallsPerStep(AttentionTrace trace, CacheOptions options) {
        var scope = RankingScope.candidates(options);
        int groups = scope.groups(trace);
        double[][] recalls = new double[ks.length][capacities.length];
        for (int layer = options.denseLayers(); layer < trace.shape().layers(); layer++) {
            for (int group = 0; group < groups; group++) {
                try (var estimates = new DigestEstimates(trace, layer, group, groups, options.pageSize(),
                        options.kvType(), List.of(options.digest()))) {
                    add(recalls, trace, estimates, scope, options);
                }
            }
        }
        for (int i = 0; i < ks.length; i++) {
            for (int j = 0; j < capacities.length; j++) {
                recalls[i][j] = capacities[j] < ks[i] ? Double.NaN : recalls[i][j] / trace.steps();
            }
        }
        return recalls;
    }

    private void add(double[][] recalls, AttentionTrace trace, DigestEstimates estimates, RankingScope scope,
            CacheOptions options) {
        var simulators = new RecallSimulator[ks.length][capacities.length];
        for (int step = 0; step <= trace.steps(); step++) {
            int to = scope.end(trace, step);
            float[] scores = estimates.score(options.digest(), options.aggregation(), step, to);
            var ranking = PageRanking.of(scope.sinks(), to, page -> scores[page]);
            for (int i = 0; i < ks.length; i++) {
                for (int j = 0; j < capacities.length; j++) {
                    if (capacities[j] < ks[i]) {
                        continue;
                    }
                    if (step == 0) {
                        simulators[i][j] = new RecallSimulator(ks[i], capacities[j], estimates.pages());
                        simulators[i][j].begin(ranking);
                    } else {
                        recalls[i][j] += simulators[i][j].step(ranking);
                    }
                }
            }
        }
    }
}
