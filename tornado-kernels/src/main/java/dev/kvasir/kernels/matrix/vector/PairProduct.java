package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.simd.Lanes;
import java.util.Arrays;

/** Packed weights by the Vector API: two groups of 32 rows side by side, whose sums stay in registers. */
abstract sealed class PairProduct extends Product permits ScaledProduct, ScaleMinProduct, SuperProduct, HalfProduct {
    static final int ROWS = PackLayout.ROWS;

    final PackLayout layout;
    final int stride; // bytes from one block to the next
    final float[] results; // [tokens][32], in the order of Lanes.rowOf
    final float[] results2; // of the second group of the pair

    PairProduct(PackLayout layout, int maxTokens) {
        super(2);
        this.layout = layout;
        this.stride = layout.blockBytes();
        // The tail keeps the scratch of two workers off one cache line.
        results = new float[maxTokens * ROWS + 2 * ROWS];
        results2 = new float[maxTokens * ROWS + 2 * ROWS];
    }

    @Override
    final void prepare(Activation x) {
        x.prepare(layout);
    }

    @Override
    final void multiply(PackedMatrix w, int group, Activation x, float[] y) {
        boolean two = group + 1 < w.groups();
        Arrays.fill(results, 0, x.tokens() * ROWS, 0f);
        Arrays.fill(results2, 0, x.tokens() * ROWS, 0f);
        add(w, group, two ? group + 1 : group, x);
        write(w, group, x.tokens(), results, y);
        if (two) {
            write(w, group + 1, x.tokens(), results2, y);
        }
    }

    /** Adds the products of both groups to {@link #results} and {@link #results2}. */
    abstract void add(PackedMatrix w, int group, int group2, Activation x);

    private static void write(PackedMatrix w, int group, int tokens, float[] results, float[] y) {
        int rows = Math.min(ROWS, w.rows() - group * ROWS);
        for (int t = 0; t < tokens; t++) {
            int to = t * w.rows() + group * ROWS;
            for (int row = 0; row < rows; row++) {
                y[to + row] = results[t * ROWS + Lanes.laneOf(row)];
            }
        }
    }
}
