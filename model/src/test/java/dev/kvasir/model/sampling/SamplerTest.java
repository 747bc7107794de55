package dev.kvasir.model.sampling;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SamplerTest {
    private static final SamplerOptions PLAIN = new SamplerOptions(1, 0, 1, 0, 1, 0, 7);
    /** Probabilities 0.5, 0.3, 0.15, 0.05 of tokens 2, 0, 3, 1. */
    private static final float[] LOGITS = logits(0.3, 0.05, 0.5, 0.15);

    @Test
    void greedyTakesTheLargestAndOfEqualsTheFirst() {
        var sampler = new Sampler(SamplerOptions.greedy(), 4);
        assertThat(sampler.sample(LOGITS)).isEqualTo(2);
        assertThat(sampler.sample(new float[]{1, 3, 3, 2})).isEqualTo(1);
    }

    @Test
    void readsLogitsFromTheGivenOffset() {
        var sampler = new Sampler(SamplerOptions.greedy(), 2);
        assertThat(sampler.sample(new float[]{9, 8, 1, 2, 7}, 2)).isEqualTo(1);
    }

    @Test
    void plainSamplingFollowsTheSoftmax() {
        assertThat(shares(PLAIN, LOGITS)).containsExactly(new double[]{0.3, 0.05, 0.5, 0.15}, within(0.01));
    }

    @Test
    void temperatureSharpensAndFlattens() {
        double[] cold = shares(new SamplerOptions(0.5f, 0, 1, 0, 1, 0, 7), LOGITS);
        double norm = 0.09 + 0.0025 + 0.25 + 0.0225;
        assertThat(cold).containsExactly(
                new double[]{0.09 / norm, 0.0025 / norm, 0.25 / norm, 0.0225 / norm}, within(0.01));
    }

    @Test
    void topKKeepsTheKMostLikely() {
        assertThat(shares(new SamplerOptions(1, 2, 1, 0, 1, 0, 7), LOGITS))
                .containsExactly(new double[]{0.375, 0, 0.625, 0}, within(0.01));
    }

    @Test
    void topKBeyondTheVocabularyKeepsAll() {
        assertThat(shares(new SamplerOptions(1, 99, 1, 0, 1, 0, 7), LOGITS))
                .containsExactly(shares(PLAIN, LOGITS), within(0.01));
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        assertThat(shares(new SamplerOptions(1, 0, 0.79f, 0, 1, 0, 7), LOGITS))
                .containsExactly(new double[]{0.375, 0, 0.625, 0}, within(0.01));
        assertThat(shares(new SamplerOptions(1, 0, 0.81f, 0, 1, 0, 7), LOGITS)[1]).isZero();
        assertThat(shares(new SamplerOptions(1, 0, 0.81f, 0, 1, 0, 7), LOGITS)[3]).isPositive();
    }

    @Test
    void topPTakesItsShareOfWhatTopKLeaves() {
        // of 0.5 and 0.3, which top-k leaves, 0.5 alone is 62.5 %
        assertThat(shares(new SamplerOptions(1, 2, 0.6f, 0, 1, 0, 7), LOGITS))
                .containsExactly(new double[]{0, 0, 1, 0}, within(0.0));
    }

    @Test
    void theMostLikelyTokenAlwaysStays() {
        assertThat(shares(new SamplerOptions(1, 0, 1e-9f, 1, 1, 0, 7), LOGITS)[2]).isEqualTo(1);
    }

    @Test
    void minPKeepsWhatIsLikelyEnoughBesideTheBest() {
        double[] expected = {0.375, 0, 0.625, 0};
        assertThat(shares(new SamplerOptions(1, 0, 1, 0.5f, 1, 0, 7), LOGITS))
                .containsExactly(expected, within(0.01));
        assertThat(shares(new SamplerOptions(1, 3, 0.99f, 0.5f, 1, 0, 7), LOGITS))
                .as("also behind top-k and top-p")
                .containsExactly(expected, within(0.01));
    }

    @Test
    void repeatPenaltyLowersRecentTokensOnceWhateverTheirSign() {
        var sampler = new Sampler(new SamplerOptions(0, 0, 1, 0, 2, 8, 0), 3);
        sampler.accept(0);
        sampler.accept(0);
        assertThat(sampler.sample(new float[]{4, 1.9f, 0})).as("4 / 2 beats 1.9: halved once").isEqualTo(0);
        assertThat(sampler.sample(new float[]{4, 2.1f, 0})).isEqualTo(1);
        assertThat(sampler.sample(new float[]{-1, -1.5f, -9})).as("-2 loses against -1.5").isEqualTo(1);
    }

    @Test
    void repeatPenaltyForgetsTokensOutsideItsWindow() {
        var sampler = new Sampler(new SamplerOptions(0, 0, 1, 0, 2, 2, 0), 3);
        sampler.accept(0);
        sampler.accept(2);
        assertThat(sampler.sample(new float[]{4, 3, 0})).isEqualTo(1);
        sampler.accept(2);
        assertThat(sampler.sample(new float[]{4, 3, 0})).isEqualTo(0);
    }

    @Test
    void sameSeedSameTokensOtherSeedOthers() {
        var options = SamplerOptions.defaults(42);
        assertThat(draws(options, 50)).isEqualTo(draws(options, 50));
        assertThat(draws(options, 50)).isNotEqualTo(draws(SamplerOptions.defaults(43), 50));
    }

    @Test
    void callersLogitsStayAsTheyAre() {
        float[] logits = LOGITS.clone();
        var sampler = new Sampler(new SamplerOptions(0.7f, 3, 0.9f, 0.1f, 1.5f, 4, 1), 4);
        sampler.accept(2);
        sampler.sample(logits);
        assertThat(logits).isEqualTo(LOGITS);
    }

    @Test
    void candidatesComeInOrderOfFallingLogits() {
        var random = new Random(3);
        for (int n : new int[]{1, 2, 3, 27, 482}) {
            float[] logits = new float[n];
            for (int i = 0; i < n; i++) {
                logits[i] = random.nextInt(n); // with equals
            }
            var candidates = new Candidates(n);
            candidates.reset(logits);
            int[] popped = IntStream.range(0, n).map(i -> candidates.pop()).toArray();
            int[] sorted = IntStream.range(0, n)
                    .boxed()
                    .sorted((a, b) -> logits[a] != logits[b] ? Float.compare(logits[b], logits[a]) : a - b)
                    .mapToInt(i -> i)
                    .toArray();
            assertThat(popped).isEqualTo(sorted);
        }
    }

    @Test
    void logitsThatAreNoNumbersAreAnError() {
        var sampler = new Sampler(SamplerOptions.greedy(), 2);
        assertThatThrownBy(() -> sampler.sample(new float[]{Float.NaN, Float.NaN}))
                .isInstanceOf(LogitsException.class)
                .hasMessageContaining("no token can be drawn");
        assertThat(sampler.sample(new float[]{Float.NaN, 1})).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1, 0, 1", "0, 0, 1, 0, 1.3", "0.8, 0, 1, 0, 1", "0.8, 1, 1, 0, 1", "0.8, 3, 1, 0, 1",
        "0.8, 40, 0.95, 0.05, 1", "0.8, 0, 0.9, 0, 1", "0.8, 0, 1, 0.1, 1", "5, 2, 0.5, 0.5, 1.5"})
    void aTokenWithoutANumberIsNeverDrawn(float temperature, int topK, float topP, float minP, float penalty) {
        for (int hole = 0; hole < 5; hole++) {
            var sampler = new Sampler(new SamplerOptions(temperature, topK, topP, minP, penalty, 64, 7), 5);
            float[] logits = {1, 2, 3, 2, 1};
            logits[hole] = Float.NaN;
            for (int i = 0; i < 50; i++) {
                int token = sampler.sample(logits);
                assertThat(token).isNotEqualTo(hole);
                sampler.accept(token);
            }
        }
    }

    @Test
    void impossibleOptionsAreSentences() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerOptions(-1, 0, 1, 0, 1, 0, 0))
                .withMessageContaining("temperature -1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerOptions(Float.NaN, 0, 1, 0, 1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerOptions(1, -1, 1, 0, 1, 0, 0))
                .withMessageContaining("top-k -1");
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerOptions(1, 0, 0, 0, 1, 0, 0))
                .withMessageContaining("top-p 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerOptions(1, 0, 1, 1.1f, 1, 0, 0))
                .withMessageContaining("min-p 1.1");
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerOptions(1, 0, 1, 0, 0, 0, 0))
                .withMessageContaining("repeat penalty 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new SamplerOptions(1, 0, 1, 0, 1, -1, 0))
                .withMessageContaining("-1 tokens");
    }

    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (Math.log(probabilities[i]) + 3);
        }
        return logits;
    }

    private static double[] shares(SamplerOptions options, float[] logits) {
        var sampler = new Sampler(options, logits.length);
        int draws = 40_000;
        double[] shares = new double[logits.length];
        for (int i = 0; i < draws; i++) {
            shares[sampler.sample(logits)] += 1.0 / draws;
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.abs(1 - shares[i]) < 1e-6 ? 1 : shares[i];
        }
        return shares;
    }

    private static int[] draws(SamplerOptions options, int n) {
        var random = new Random(5);
        float[] logits = new float[100];
        var sampler = new Sampler(options, logits.length);
        int[] drawn = new int[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < logits.length; j++) {
                logits[j] = (float) random.nextGaussian() * 2;
            }
            drawn[i] = sampler.sample(logits);
            sampler.accept(drawn[i]);
        }
        return Arrays.copyOf(drawn, n);
    }
}
