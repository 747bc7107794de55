package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.ShortDot;
import dev.kvasir.kernels.matrix.vector.product.SuperDot;
import java.lang.foreign.MemorySegment;

/** Weights with factors of factors for 256 columns: Q4_K, Q5_K, Q6_K. */
abstract sealed class SuperProduct extends PairProduct {

    private SuperProduct(PackLayout layout, int maxTokens) {
        super(layout, maxTokens);
    }

    static SuperProduct of(PackLayout layout, boolean rounded, int maxTokens) {
        if (rounded) {
            return new RoundedNibbles(layout, maxTokens);
        }
        if (layout.header() == PackLayout.Header.SUPER_HALF) {
            return new Halves(layout, maxTokens);
        }
        return layout.nibbles() ? new Nibbles(layout, maxTokens) : new Bytes(layout, maxTokens);
    }

    @Override
    final void add(PackedMatrix w, int group, int group2, Activation x) {
        for (int chunk = 0; chunk < w.chunks(); chunk++) {
            int blocks = w.chunkCols(chunk) / Activation.BLOCK;
            long at = w.chunkAt(group, chunk);
            long at2 = w.chunkAt(group2, chunk);
            for (int t = 0; t < x.tokens(); t++) {
                add(w.packed(), at, at2, blocks, x, t * x.blocks() + chunk * PackLayout.CHUNK_BLOCKS, t * ROWS);
            }
        }
    }

    /**
     * Adds the products of a chunk with one token.
     *
     * @param at the chunk of one group, in bytes of the packed weights
     * @param at2 that of the other group
     * @param block the first block of the activations
     * @param to the place of the token in the results
     */
    abstract void add(MemorySegment packed, long at, long at2, int blocks, Activation x, int block, int to);

    private static final class RoundedNibbles extends SuperProduct {
        RoundedNibbles(PackLayout layout, int maxTokens) {
            super(layout, maxTokens);
        }

        @Override
        void add(MemorySegment packed, long at, long at2, int blocks, Activation x, int block, int to) {
            ShortDot.superScaled(packed, at, at2, blocks, stride, x, block, results, results2, to);
        }
    }

    private static final class Halves extends SuperProduct {
        Halves(PackLayout layout, int maxTokens) {
            super(layout, maxTokens);
        }

        @Override
        void add(MemorySegment packed, long at, long at2, int blocks, Activation x, int block, int to) {
            SuperDot.halves(packed, at, at2, blocks, stride, x.values, block * Activation.BLOCK, results, results2,
                    to);
        }
    }

    private static final class Nibbles extends SuperProduct {
        Nibbles(PackLayout layout, int maxTokens) {
            super(layout, maxTokens);
        }

        @Override
        void add(MemorySegment packed, long at, long at2, int blocks, Activation x, int block, int to) {
            SuperDot.nibbles(packed, at, at2, blocks, stride, x.scaledBy16, block * Activation.BLOCK, x.sums,
                    x.scaledBy16Sums, block, results, results2, to);
        }
    }

    private static final class Bytes extends SuperProduct {
        Bytes(PackLayout layout, int maxTokens) {
            super(layout, maxTokens);
        }

        @Override
        void add(MemorySegment packed, long at, long at2, int blocks, Activation x, int block, int to) {
            SuperDot.bytes(packed, at, at2, blocks, stride, x.values, block * Activation.BLOCK, x.sums, block, results,
                    results2, to);
        }
    }
}
