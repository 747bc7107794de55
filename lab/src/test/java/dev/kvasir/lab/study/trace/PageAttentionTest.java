package dev.kvasir.lab.study.trace;

import dev.kvasir.kvcache.plan.CacheShape;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PageAttentionTest {

    @Test
    void importanceIsTheLargestProductOfAPage() {
        float[][] keys = {{1, 0}, {0, 1}, {3, 0}, {-5, 0}, {0, 2}, {0, 0}, {0, -9}, {2, 2}, {4, 4}};
        var trace = Traces.of(keys, new float[]{1, 0}, new float[]{0, 1});
        var attention = new PageAttention(trace, 1, 4);

        attention.compute(0, 0, 0);
        assertThat(attention.pages()).isEqualTo(2);
        assertThat(attention.importance(0)).isEqualTo(3);
        assertThat(attention.importance(1)).isEqualTo(2);

        attention.compute(0, 1, 0);
        assertThat(attention.pages()).isEqualTo(3);
        assertThat(attention.importance(0)).isEqualTo(1);
        assertThat(attention.importance(1)).isEqualTo(2);
        assertThat(attention.importance(2)).isEqualTo(4);
    }

    @Test
    void massIsTheSoftmaxOfAPagesTokens() {
        // q.k / sqrt(1) = ln of 1, 2, 3, 4 | 5, 5
        float[][] keys = {{ln(1)}, {ln(2)}, {ln(3)}, {ln(4)}, {ln(5)}, {ln(5)}};
        var attention = new PageAttention(Traces.of(keys, new float[]{1}), 1, 4);
        attention.compute(0, 0, 0);
        assertThat(attention.mass(0)).isCloseTo(0.5, within(1e-6));
        assertThat(attention.mass(1)).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void headsOfAGroupAreAveragedAndReadTheirOwnKeys() {
        var shape = new CacheShape(2, 6, 2, 5);
        var trace = Traces.wandering(shape, 13, 9, 3);
        int pageSize = 4;
        for (int groups : new int[]{1, 2}) {
            var attention = new PageAttention(trace, groups, pageSize);
            for (int step : new int[]{0, 4, 9}) {
                for (int group = 0; group < groups; group++) {
                    attention.compute(1, step, group);
                    int tokens = 13 + step;
                    assertThat(attention.pages()).isEqualTo((tokens + 3) / 4);
                    for (int page = 0; page < attention.pages(); page++) {
                        assertThat(attention.importance(page))
                                .isCloseTo((float) importance(trace, 1, step, groups, group, page, pageSize),
                                        within(1e-5f));
                        assertThat(attention.mass(page))
                                .isCloseTo(mass(trace, 1, step, groups, group, page, pageSize), within(1e-6));
                    }
                }
            }
        }
    }

    private static double importance(AttentionTrace trace, int layer, int step, int groups, int group, int page,
            int pageSize) {
        double sum = 0;
        int heads = trace.shape().queryHeads() / groups;
        for (int h = 0; h < heads; h++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int t = page * pageSize; t < Math.min((page + 1) * pageSize, 13 + step); t++) {
                best = Math.max(best, dot(trace, layer, step, group * heads + h, t));
            }
            sum += best;
        }
        return sum / heads;
    }

    private static double mass(AttentionTrace trace, int layer, int step, int groups, int group, int page,
            int pageSize) {
        double sum = 0;
        int heads = trace.shape().queryHeads() / groups;
        for (int h = 0; h < heads; h++) {
            double all = 0;
            double here = 0;
            for (int t = 0; t < 13 + step; t++) {
                double weight = Math.exp(dot(trace, layer, step, group * heads + h, t) / Math.sqrt(5));
                all += weight;
                here += t / pageSize == page ? weight : 0;
            }
            sum += here / all;
        }
        return sum / heads;
    }

    private static double dot(AttentionTrace trace, int layer, int step, int head, int token) {
        double dot = 0;
        for (int d = 0; d < 5; d++) {
            dot += (double) trace.queries(layer)[step * 30 + head * 5 + d]
                    * trace.keys(layer)[token * 10 + head / 3 * 5 + d];
        }
        return dot;
    }

    private static float ln(double x) {
        return (float) Math.log(x);
    }
}
