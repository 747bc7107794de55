package dev.kvasir.kernels.choice.vector;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TopKTest {
    private final TopK topK = new TopK();

    @Test
    void equalsASortWithManyTies() {
        var random = new Random(1);
        for (int n : new int[]{1, 2, 27, 61, 482, 3001}) {
            for (int distinct : new int[]{1, 3, 50, Integer.MAX_VALUE}) {
                float[] values = new float[n];
                for (int i = 0; i < n; i++) {
                    values[i] = (random.nextInt(distinct) - distinct / 2) * 0.37f;
                }
                int from = n / 10;
                for (int k : new int[]{0, 1, 2, n / 3, n - 1, n, n + 5}) {
                    int[] expected = IntStream.range(from, n)
                            .boxed()
                            .sorted(Comparator.comparing((Integer i) -> -values[i]).thenComparing(i -> i))
                            .limit(k)
                            .mapToInt(i -> i)
                            .sorted()
                            .toArray();
                    int[] winners = new int[n];
                    int count = topK.select(values, from, n, k, winners);
                    assertThat(Arrays.copyOf(winners, count)).isEqualTo(expected);
                    count = dev.kvasir.kernels.choice.reference.TopK.select(values, from, n, k, winners);
                    assertThat(Arrays.copyOf(winners, count))
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void notANumberIsLeastAndBothZerosAreEqual() {
        float[] values = {Float.NaN, -0f, 0f, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(-1),
            Float.POSITIVE_INFINITY};
        int[] winners = new int[6];
        for (int k = 0; k <= 6; k++) {
            int[] expected = Arrays.copyOf(new int[]{5, 1, 2, 3, 0, 4}, k);
            Arrays.sort(expected);
            assertThat(topK.select(values, 0, 6, k, winners)).isEqualTo(k);
            assertThat(Arrays.copyOf(winners, k)).isEqualTo(expected);
            dev.kvasir.kernels.choice.reference.TopK.select(values, 0, 6, k, winners);
            assertThat(Arrays.copyOf(winners, k)).isEqualTo(expected);
        }
    }

    @Test
    void hundredThousandPagesAreSelectedAsBySorting() {
        float[] values = new float[100_000];
        var random = new Random(2);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (int) (random.nextGaussian() * 1000);
        }
        int[] winners = new int[1000];
        int[] expected = new int[1000];
        topK.select(values, 2, values.length - 2, 1000, winners);
        dev.kvasir.kernels.choice.reference.TopK.select(values, 2, values.length - 2, 1000, expected);
        assertThat(winners).isEqualTo(expected);
    }
}
