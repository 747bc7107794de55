package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.machine.ByteDot;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.FloatDot;
import dev.kvasir.kernels.matrix.vector.product.ShortDot;

/** Weights with one scale for 32 columns: Q8_0, Q4_0, Q5_0. */
abstract sealed class ScaledProduct extends PairProduct {
    private final boolean rounded;

    private ScaledProduct(PackLayout layout, boolean rounded, int maxTokens) {
        super(layout, maxTokens);
        this.rounded = rounded;
    }

    static ScaledProduct of(PackLayout layout, boolean rounded, int maxTokens) {
        if (rounded) {
            return new RoundedNibbles(layout, maxTokens);
        }
        if (layout.nibbles()) {
            return new Nibbles(layout, maxTokens);
        }
        return ByteDot.takes(layout) ? new BytesByCode(layout, maxTokens) : new Bytes(layout, maxTokens);
    }

    // One token's sums stay in registers along the whole row; those of several share each chunk of weights, but for
    // whole numbers, whose order of adding goes by the row.
    @Override
    final void add(PackedMatrix w, int group, int group2, Activation x) {
        int blocks = w.cols() / Activation.BLOCK;
        int most = x.tokens() == 1 || rounded ? blocks : PackLayout.CHUNK_BLOCKS;
        for (int first = 0; first < blocks; first += most) {
            int count = Math.min(most, blocks - first);
            long skip = (long) first * stride;
            long at = w.chunkAt(group, 0) + skip;
            long at2 = w.chunkAt(group2, 0) + skip;
            for (int t = 0; t < x.tokens(); t++) {
                add(w, group, group2, at, at2, count, x, t * x.blocks() + first, t * ROWS);
            }
        }
    }

    /**
     * Adds the products of some blocks with one token.
     *
     * @param at the first block of one group, in bytes of the packed weights
     * @param at2 that of the other group
     * @param block the first block of the activations
     * @param to the place of the token in the results
     */
    abstract void add(PackedMatrix w, int group, int group2, long at, long at2, int count, Activation x, int block,
            int to);

    private static final class RoundedNibbles extends ScaledProduct {
        RoundedNibbles(PackLayout layout, int maxTokens) {
            super(layout, true, maxTokens);
        }

        @Override
        void add(PackedMatrix w, int group, int group2, long at, long at2, int count, Activation x, int block,
                int to) {
            ShortDot.scaled(w.packed(), at, at2, count, stride, x, block, w.scaleUnit(group), w.scaleUnit(group2),
                    results, results2, to);
        }
    }

    private static final class Nibbles extends ScaledProduct {
        Nibbles(PackLayout layout, int maxTokens) {
            super(layout, false, maxTokens);
        }

        @Override
        void add(PackedMatrix w, int group, int group2, long at, long at2, int count, Activation x, int block,
                int to) {
            FloatDot.scaledNibbles(w.packed(), at, at2, count, stride, x.scaledBy16, block * Activation.BLOCK, x.sums,
                    x.scaledBy16Sums, block, 16 * w.scaleUnit(group), 16 * w.scaleUnit(group2), results, results2, to);
        }
    }

    private static final class BytesByCode extends ScaledProduct {
        private final ByteDot byteDot = new ByteDot();

        BytesByCode(PackLayout layout, int maxTokens) {
            super(layout, false, maxTokens);
        }

        @Override
        boolean isMachineCode() {
            return true;
        }

        @Override
        void add(PackedMatrix w, int group, int group2, long at, long at2, int count, Activation x, int block,
                int to) {
            byteDot.multiply(w.packed(), at, at2, count, x, block * Activation.BLOCK, w.scaleUnit(group),
                    w.scaleUnit(group2), results, results2, to);
        }
    }

    private static final class Bytes extends ScaledProduct {
        Bytes(PackLayout layout, int maxTokens) {
            super(layout, false, maxTokens);
        }

        @Override
        void add(PackedMatrix w, int group, int group2, long at, long at2, int count, Activation x, int block,
                int to) {
            FloatDot.scaledBytes(w.packed(), at, at2, count, stride, x.values, block * Activation.BLOCK,
                    w.scaleUnit(group), w.scaleUnit(group2), results, results2, to);
        }
    }
}
