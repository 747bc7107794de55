package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.Factors;
import dev.kvasir.kernels.matrix.vector.product.FloatDot;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Weights with one scale and one minimum for 32 columns, Q4_1 and Q5_1: the factors of a chunk are decoded first. */
final class ScaleMinProduct extends PairProduct {
    private final Factors factors = new Factors();
    private final Factors factors2 = new Factors();

    ScaleMinProduct(PackLayout layout, int maxTokens) {
        super(layout, maxTokens);
    }

    @Override
    void add(PackedMatrix w, int group, int group2, Activation x) {
        for (int chunk = 0; chunk < w.chunks(); chunk++) {
            add(w, group, group2, chunk, x);
        }
    }

    private void add(PackedMatrix w, int group, int group2, int chunk, Activation x) {
        int blocks = w.chunkCols(chunk) / Activation.BLOCK;
        MemorySegment packed = w.packed();
        long at = w.chunkAt(group, chunk);
        long at2 = w.chunkAt(group2, chunk);
        factors.read(layout, packed, at, blocks, w.scaleUnit(group));
        factors2.read(layout, packed, at2, blocks, w.scaleUnit(group2));
        at += layout.scaleBytes();
        at2 += layout.scaleBytes();
        for (int t = 0; t < x.tokens(); t++) {
            int block = t * x.blocks() + chunk * PackLayout.CHUNK_BLOCKS;
            int from = block * Activation.BLOCK;
            if (layout.nibbles()) {
                FloatDot.nibbles(packed, at, at2, stride, blocks, x.scaledBy16, from, x.sums, x.scaledBy16Sums, block,
                        factors.a, factors2.a, results, results2, t * ROWS);
            } else {
                FloatDot.bytes(packed, at, at2, stride, blocks, x.values, from, factors.a, factors2.a, results,
                        results2, t * ROWS);
            }
            addMins(blocks, factors.b, x.sums, block, results, t * ROWS);
            addMins(blocks, factors2.b, x.sums, block, results2, t * ROWS);
        }
    }

    // result += b * sum of x
    private static void addMins(int blocks, float[] b, float[] scaledSums, int block, float[] results, int to) {
        for (int lane = 0; lane < ROWS; lane += Lanes.FLOATS.length()) {
            FloatVector result = FloatVector.fromArray(Lanes.FLOATS, results, to + lane);
            for (int u = 0; u < blocks; u++) {
                result = FloatVector.fromArray(Lanes.FLOATS, b, u * ROWS + lane)
                        .fma(
                                FloatVector.broadcast(Lanes.FLOATS, scaledSums[block + u]), result);
            }
            result.intoArray(results, to + lane);
        }
    }
}
