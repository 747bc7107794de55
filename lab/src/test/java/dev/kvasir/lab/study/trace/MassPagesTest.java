package dev.kvasir.lab.study.trace;

import dev.kvasir.kvcache.plan.CacheShape;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MassPagesTest {

    @Test
    void countsTheFewestPagesThatCarryAShare() {
        // weights of the tokens: 4 x 20 | 4 x 1 | 4 x 2 | 4 x 1.9 | 0.4: shares .800 .040 .080 .076 .004
        double[] weights = {20, 1, 2, 1.9};
        float[][] keys = new float[17][1];
        for (int t = 0; t < 16; t++) {
            keys[t][0] = (float) Math.log(weights[t / 4]);
        }
        keys[16][0] = (float) Math.log(0.4);
        var trace = Traces.of(keys, new float[]{1}, new float[]{1});

        var samples = MassPages.of(trace, 1, 4, new double[]{0.5, 0.87, 0.9, 0.99, 1});

        assertThat(samples).hasSize(1);
        assertThat(samples.getFirst().pages()).isEqualTo(5);
        assertThat(samples.getFirst().carrying()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void severalGroupsAreAveraged() {
        var trace = Traces.wandering(new CacheShape(2, 4, 2, 8), 50, 3, 5);
        var samples = MassPages.of(trace, 2, 8, new double[]{0.9});
        assertThat(samples).hasSize(2 * 3);
        var attention = new PageAttention(trace, 2, 8);
        attention.compute(1, 3, 0);
        int first = MassPages.carrying(attention, 0.9);
        attention.compute(1, 3, 1);
        int second = MassPages.carrying(attention, 0.9);
        assertThat(samples.getLast().carrying()[0]).isEqualTo((first + second) / 2.0);
    }
}
