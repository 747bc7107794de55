package dev.kvasir.lab.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.inference.AlternativeHypothesis;
import org.apache.commons.math3.stat.inference.BinomialTest;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class SignedRankTest {
    @Test
    void equalsTheWorkedExample() {
        // SciPy's documentation of wilcoxon, heights of crossed and self-fertilised corn: statistic 24, p = 0.0413
        double[] corn = {6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75};

        SignedRank test = SignedRank.of(corn);

        assertThat(test.v()).isEqualTo(120 - 24);
        assertThat(test.p()).isEqualTo(0.041259765625, within(1e-12));
        assertThat(test.sign()).isEqualTo(1);
    }

    @Test
    void agreesWithCommonsMathWhereNothingIsTied() {
        double[] differences = {0.3, -1.2, 2.5, 3.1, -0.7, 4.4, 5.9};
        double exact = new WilcoxonSignedRankTest().wilcoxonSignedRankTest(differences, new double[7], true);

        assertThat(SignedRank.of(differences).p()).isEqualTo(exact, within(1e-12));
    }

    @Test
    void equalsTheCountOverAllSignsWithTiesAndZeros() {
        double[] differences = {0.25, -0.25, 0.5, 0, 0.5, 0.75, -0.25, 0, 1, 0.5, 0.25};
        double[] ranks = {2.5, 2.5, 6, 6, 8, 2.5, 9, 6, 2.5}; // of those other than 0
        double[] signs = {1, -1, 1, 1, 1, -1, 1, 1, 1};
        double far = 0;
        for (int i = 0; i < ranks.length; i++) {
            far += signs[i] * ranks[i];
        }
        int asFar = 0;
        for (int choice = 0; choice < 1 << ranks.length; choice++) {
            double sum = 0;
            for (int i = 0; i < ranks.length; i++) {
                sum += (choice >> i & 1) == 0 ? ranks[i] : -ranks[i];
            }
            asFar += Math.abs(sum) >= Math.abs(far) ? 1 : 0;
        }

        assertThat(SignedRank.of(differences).p()).isEqualTo(asFar / 512.0, within(1e-12));
    }

    @Test
    void isMcNemarsExactTestForRightAndWrong() {
        // Fagerland, Lydersen and Laake (2014): 1 and 7 discordant pairs, p = 0.0703
        assertThat(SignedRank.of(answers(1, 7, 13)).p()).isEqualTo(0.0703125, within(1e-12));
        assertThat(SignedRank.of(answers(31, 12, 7)).p())
                .isEqualTo(new BinomialTest().binomialTest(43, 12, 0.5, AlternativeHypothesis.TWO_SIDED), within(1e-9));
        assertThat(SignedRank.of(answers(5, 5, 0)).p()).isEqualTo(1);
    }

    @Test
    void manyPairsHaveNearlyTheExactProbability() {
        double[] many = new SplittableRandom(3).doubles(SignedRank.EXACT, -0.9, 1.1).toArray();
        double[] oneMore = Arrays.copyOf(many, many.length + 1);
        oneMore[many.length] = 1e-9;

        assertThat(SignedRank.of(oneMore).p()).isEqualTo(SignedRank.of(many).p(), within(2e-3));
    }

    @Test
    void nothingDiffersFromItself() {
        assertThat(SignedRank.of(0, 0, 0)).isEqualTo(new SignedRank(0, 1, 0));
        assertThat(SignedRank.of()).isEqualTo(new SignedRank(0, 1, 0));
        assertThat(SignedRank.smallest(8)).isEqualTo(SignedRank.of(1, 2, 3, 4, 5, 6, 7, 8).p());
    }

    private static double[] answers(int first, int second, int equal) {
        double[] differences = new double[first + second + equal];
        Arrays.fill(differences, 0, first, 1);
        Arrays.fill(differences, first, first + second, -1);
        return differences;
    }
}
