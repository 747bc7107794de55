package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.FloatDot;

/** Weights in 16 bits: f16, which meet activations times a power of two, and bf16. */
final class HalfProduct extends PairProduct {

    HalfProduct(PackLayout layout, int maxTokens) {
        super(layout, maxTokens);
    }

    @Override
    void add(PackedMatrix w, int group, int group2, Activation x) {
        long at = w.chunkAt(group, 0);
        long at2 = w.chunkAt(group2, 0);
        for (int t = 0; t < x.tokens(); t++) {
            int from = t * x.blocks() * Activation.BLOCK;
            if (layout == PackLayout.F16) {
                FloatDot.halves(w.packed(), at, at2, w.cols(), x.lifted, from, x.unlift[t], w.scaleUnit(group),
                        w.scaleUnit(group2), results, results2, t * ROWS);
            } else {
                FloatDot.brains(w.packed(), at, at2, w.cols(), x.values, from, results, results2, t * ROWS);
            }
        }
    }
}
