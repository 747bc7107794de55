package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.simd.Tile;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShortPromptTest {
    private static final int LANES = Lanes.FLOATS.length();

    @Test
    void productIsThatOfTheTileToTheBit() {
        for (int rows : new int[]{2, 4, 60}) {
            for (int columns : new int[]{LANES, 2 * LANES, 3 * LANES}) {
                var random = new Random(rows + columns);
                float[] a = Samples.floats(7 + 64 * 64, random);
                float[] b = Samples.floats(5 + 64 * columns, random);
                float[] expected = Samples.floats(3 + 64 * (columns + 1), random);
                float[] actual = expected.clone();
                Tile.addProduct(a, 7, 64, b, 5, columns, 61, expected, 3, columns + 1, rows, columns);
                ShortPrompt.addProduct(a, 7, 64, b, 5, columns, 61, actual, 3, columns + 1, Tile.paddedRows(rows),
                        columns);
                assertThat(actual).isEqualTo(expected);
            }
        }
    }

    @Test
    void columnsAreNoWholeVectors() {
        float[] a = {1, 2};
        float[] b = {1, 10, 100, 1000, 10000, 2, 20, 200, 2000, 20000};
        float[] c = new float[5];
        ShortPrompt.addProduct(a, 0, 2, b, 0, 5, 2, c, 0, 5, 1, 5);
        assertThat(c).containsExactly(5, 50, 500, 5000, 50000);
    }

    @Test
    void weightsAreThoseOfTheVectorsToTheBit() {
        int width = 4 * LANES;
        for (int n : new int[]{1, LANES, LANES + 3, width}) {
            for (float before : new float[]{Float.NEGATIVE_INFINITY, 12}) {
                var random = new Random(n);
                float[] expected = new float[width + 2];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = 240 * random.nextFloat() - 120; // some so small that they weigh nothing
                }
                float[] actual = expected.clone();
                float[] expectedStats = new float[3];
                float[] actualStats = new float[3];
                RowSoftmax.weights(expected, 1, n, width, before, 1, new float[LANES], expectedStats, 1);
                ShortPrompt.weights(actual, 1, n, width, before, new float[LANES], actualStats, 1);
                assertThat(actual).isEqualTo(expected);
                assertThat(actualStats).isEqualTo(expectedStats);
            }
        }
    }

    @Test
    void scaledIsWhatVectorsScale() {
        float[] expected = Samples.floats(3 + 5 * LANES, new Random(1));
        float[] actual = expected.clone();
        Merge.scale(0.3f, expected, 2, 4 * LANES - 1);
        ShortPrompt.scale(0.3f, actual, 2, 4 * LANES - 1);
        assertThat(actual).isEqualTo(expected);
    }
}
