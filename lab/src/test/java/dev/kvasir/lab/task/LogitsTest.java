package dev.kvasir.lab.task;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class LogitsTest {
    @Test
    void probabilitiesAreThoseOfTheSoftmaxHoweverLargeTheLogits() {
        double[] log = Logits.logProbabilities(new float[]{1000, 1000 + (float) Math.log(3), Float.NEGATIVE_INFINITY});

        assertThat(Math.exp(log[0])).isEqualTo(0.25, within(1e-5));
        assertThat(Math.exp(log[1])).isEqualTo(0.75, within(1e-5));
        assertThat(Math.exp(log[2])).isZero();
    }

    @Test
    void divergenceIsThatOfTheDefinition() {
        double[] p = {Math.log(0.5), Math.log(0.5)};
        double[] q = {Math.log(0.25), Math.log(0.75)};

        assertThat(Logits.divergence(p, q)).isEqualTo(0.5 * Math.log(2) + 0.5 * Math.log(2.0 / 3), within(1e-12));
        assertThat(Logits.divergence(p, p)).isZero();
    }

    @Test
    void distanceIsRelativeToTheFirst() {
        assertThat(Logits.relativeDistance(new float[]{3, 4}, new float[]{3, 9})).isEqualTo(1);
        assertThat(Logits.relativeDistance(new float[]{3, 4}, new float[]{3, 4})).isZero();
    }
}
