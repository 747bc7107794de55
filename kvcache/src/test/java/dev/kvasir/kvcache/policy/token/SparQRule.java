package dev.kvasir.kvcache.policy.token;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** SparQ's rule, written down once more. */
final class SparQRule {
    private static final int D = TokenRun.HEAD_DIM;
    private static final int SHARED = TokenRun.QUERY_HEADS / TokenRun.KV_HEADS;

    private SparQRule() {}

    /** The approximate softmax of one query head over what is held, from the elements of largest |q|. */
    static double[] approximate(TokenRun run, int head, List<Integer> held, int rank) {
        float[] q = run.rows.getLast().q;
        int kvHead = head / SHARED;
        var largest = IntStream.range(0, D)
                .boxed()
                .sorted(Comparator.comparingDouble(d -> -IntStream.range(0, SHARED)
                        .mapToDouble(i -> Math.abs(q[(kvHead * SHARED + i) * D + d]))
                        .sum()))
                .limit(rank)
                .toList();
        double part = largest.stream().mapToDouble(d -> Math.abs(q[head * D + d])).sum();
        double all = IntStream.range(0, D).mapToDouble(d -> Math.abs(q[head * D + d])).sum();
        double[] exps = held.stream()
                .mapToDouble(token -> Math.exp(largest.stream()
                        .mapToDouble(d -> q[head * D + d] * run.keys.get(token)[kvHead * D + d])
                        .sum() / Math.sqrt(D * part / all)))
                .toArray();
        double sum = IntStream.range(0, exps.length).mapToDouble(i -> exps[i]).sum();
        return IntStream.range(0, exps.length).mapToDouble(i -> exps[i] / sum).toArray();
    }

    static List<Integer> select(TokenRun run, int kvHead, List<Integer> held, int rank, int recent) {
        double[] sums = new double[held.size()];
        for (int i = 0; i < SHARED; i++) {
            double[] ofHead = approximate(run, kvHead * SHARED + i, held, rank);
            for (int t = 0; t < sums.length; t++) {
                sums[t] += ofHead[t];
            }
        }
        int others = held.size() - recent;
        var best = IntStream.range(0, others)
                .boxed()
                .sorted(Comparator.comparingDouble(t -> -sums[t]))
                .limit(run.budget - recent)
                .map(held::get);
        return Stream.concat(best, held.subList(others, held.size()).stream()).sorted().toList();
    }
}
