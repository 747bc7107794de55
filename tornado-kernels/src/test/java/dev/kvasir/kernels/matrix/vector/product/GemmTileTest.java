package dev.kvasir.kernels.matrix.vector.product;

import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GemmTileTest {

    @Test
    void addsTheProductForEveryNumberOfTokens() {
        for (int depth : new int[]{1, 2, 7, 64, 100}) {
            for (int tokens = 1; tokens <= GemmTile.TOKENS; tokens++) {
                var random = new Random(31L * depth + tokens);
                float[] panel = floats(random, 3 + depth * GemmTile.ROWS);
                float[] x = floats(random, 5 + tokens * (depth + 1));
                float[] packed = floats(random, 2 + depth * GemmTile.TOKENS);
                GemmTile.pack(x, 5, depth + 1, tokens, depth, packed, 2);
                float[] c = floats(random, 1 + GemmTile.TOKENS * GemmTile.ROWS);
                float[] expected = c.clone();
                for (int t = 0; t < tokens; t++) {
                    for (int k = 0; k < depth; k++) {
                        for (int row = 0; row < GemmTile.ROWS; row++) {
                            int at = 1 + t * GemmTile.ROWS + row;
                            expected[at] = Math.fma(panel[3 + k * GemmTile.ROWS + row], x[5 + t * (depth + 1) + k],
                                    expected[at]);
                        }
                    }
                }
                GemmTile.multiply(depth, panel, 3, packed, 2, tokens, c, 1);
                assertThat(c).as("%d columns, %d tokens", depth, tokens).isEqualTo(expected);
            }
        }
    }

    private static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
