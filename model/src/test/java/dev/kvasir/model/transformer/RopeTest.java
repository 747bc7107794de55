package dev.kvasir.model.transformer;

import dev.kvasir.model.config.RopeConfig;
import dev.kvasir.model.config.RopePairing;
import dev.kvasir.model.config.RopeScaling;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RopeTest {

    @Test
    void pairITurnsByPositionTimesBaseToTheMinusTwoIOverDim() {
        float[][] a = angles(new RopeScaling.None(), 4, 10000, 3);
        assertThat(a[0]).containsExactly(new float[]{(float) Math.cos(3), (float) Math.cos(0.03)}, within(1e-7f));
        assertThat(a[1]).containsExactly(new float[]{(float) Math.sin(3), (float) Math.sin(0.03)}, within(1e-7f));
    }

    @Test
    void linearScalingDividesAllAngles() {
        assertThat(angles(new RopeScaling.Linear(4), 8, 10000, 12))
                .isDeepEqualTo(angles(new RopeScaling.None(), 8, 10000, 3));
    }

    @Test
    void factorsDivideTheFrequencies() {
        var rope = new Rope(new RopeConfig(RopePairing.INTERLEAVED, 4, 10000, new RopeScaling.None()),
                new float[]{1, 8});
        float[] cos = new float[2];
        rope.angles(8, cos, new float[2], 0);
        assertThat(cos).containsExactly(new float[]{(float) Math.cos(8), (float) Math.cos(0.01)}, within(1e-7f));
    }

    /** 32 dimensions, base 10000, 64 tokens: 1 turn at pair 4.03, 32 turns before pair 0, so that the ramp is 0 to 5. */
    @Test
    void yarnKeepsFastPairsStretchesSlowOnesAndRaisesTheMagnitude() {
        float[][] scaled = angles(new RopeScaling.Yarn(4, 64, 1, 1, 32, 1), 32, 10000, 100);
        double magnitude = 1 + 0.1 * Math.log(4);
        for (int i = 0; i < 16; i++) {
            double frequency = Math.pow(10000, -i / 16.0);
            double kept = i >= 5 ? 0 : 1 - i / 5.0;
            double angle = 100 * (frequency * kept + frequency / 4 * (1 - kept));
            assertThat(scaled[0][i]).isCloseTo((float) (Math.cos(angle) * magnitude), within(1e-6f));
            assertThat(scaled[1][i]).isCloseTo((float) (Math.sin(angle) * magnitude), within(1e-6f));
        }
    }

    private static float[][] angles(RopeScaling scaling, int dim, float base, int position) {
        var rope = new Rope(new RopeConfig(RopePairing.INTERLEAVED, dim, base, scaling), new float[0]);
        float[][] result = new float[2][rope.pairs()];
        rope.angles(position, result[0], result[1], 0);
        return result;
    }
}
