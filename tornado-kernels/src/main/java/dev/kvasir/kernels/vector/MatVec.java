package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.parallel.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrices times one token's vector, or those of a few tokens: {@code y[t] = W x[t]}. Weights are read once for all
 * tokens, and a token's result is bit for bit the same whoever shares the pass with it. Scratch memory and tasks are made
 * once: a product allocates nothing.
 *
 * <p>One product runs at a time.
 */
public final class MatVec {

    private static final int ROWS = PackLayout.ROWS;
    // Pieces of about this many bytes are claimed one after the other: small enough that uneven cores end together.
    private static final long PIECE_BYTES = 64 << 10;

    private final Workers workers;
    private final Activations activations;
    private final Scratch[] scratch;
    private final Workers.RangeTask task = this::groups;

    private Activation x;
    private PackedMatrix[] matrices = new PackedMatrix[0];
    private float[][] results = new float[0][];
    private int[] firstGroup = new int[8];
    private final PackedMatrix[] single = new PackedMatrix[1];
    private final float[][] singleResult = new float[1][];

    /**
     * @param maxTokens tokens of one product at most
     * @param activations what quantised weights are multiplied with
     */
    public MatVec(Workers workers, int maxTokens, Activations activations) {
        this.workers = workers;
        this.activations = activations;
        this.x = new Activation(1, Activation.BLOCK);
        scratch = new Scratch[workers.size()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch(maxTokens);
        }
    }

    /**
     * Multiplies one matrix: {@code y[t * rows + r]}.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public void multiply(Activation x, PackedMatrix w, float[] y) {
        single[0] = w;
        singleResult[0] = y;
        multiply(x, single, singleResult);
    }

    /**
     * Multiplies several matrices with the same input, in one hand-off to the workers: {@code ys[i][t * rows_i + r]}.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public void multiply(Activation x, PackedMatrix[] ws, float[][] ys) {
        if (firstGroup.length <= ws.length) {
            firstGroup = new int[ws.length + 1];
        }
        int groups = 0;
        long bytes = 0;
        for (int i = 0; i < ws.length; i++) {
            check(x, ws[i], ys[i]);
            firstGroup[i] = groups;
            groups += ws[i].groups();
            bytes += ws[i].bytesRead();
        }
        firstGroup[ws.length] = groups;
        this.x = x;
        this.matrices = ws;
        this.results = ys;
        int grain = (int) Math.clamp(PIECE_BYTES * groups / Math.max(1, bytes), 1, Math.max(1, groups));
        workers.forEachRange(groups, grain, task);
    }

    private void check(Activation x, PackedMatrix w, float[] y) {
        if (x.cols() != w.cols() || x.tokens() > scratch[0].maxTokens || y.length < (long) x.tokens() * w.rows()) {
            throw new IllegalArgumentException(
                    "%d x %d weights do not fit %d vectors of %d elements with room for %d results of %d tokens"
                            .formatted(
                                    w.rows(), w.cols(), x.tokens(), x.cols(), y.length, scratch[0].maxTokens));
        }
    }

    private void groups(int worker, int from, int to) {
        int m = 0;
        for (int g = from; g < to; g++) {
            while (g >= firstGroup[m + 1]) {
                m++;
            }
            scratch[worker].group(matrices[m], g - firstGroup[m], x, results[m], activations);
        }
    }

    /** What one worker needs for one group of rows. */
    private static final class Scratch {

        private final int maxTokens;
        private final Factors factors = new Factors();
        private final Panel panel = new Panel();
        private final float[] lanes = new float[Lanes.FLOATS.length()];
        private final int[] sums = new int[2 * PackLayout.CHUNK_BLOCKS * ROWS];
        private final float[] results; // [tokens][32], in the order of Lanes.rowOf
        private float[] decoded = new float[0]; // [256][32]
        private float[] strip = new float[0]; // [256][12]

        Scratch(int maxTokens) {
            this.maxTokens = maxTokens;
            // The tail keeps the scratch of two workers off one cache line.
            results = new float[maxTokens * ROWS + 2 * ROWS];
        }

        void group(PackedMatrix w, int group, Activation x, float[] y, Activations activations) {
            PackLayout layout = w.layout();
            if (layout == null) {
                rows(w, group, x, y);
                return;
            }
            Arrays.fill(results, 0, x.tokens() * ROWS, 0f);
            for (int chunk = 0; chunk < w.chunks(); chunk++) {
                if (activations == Activations.INT8) {
                    integers(w, layout, group, chunk, x);
                } else {
                    floats(w, group, chunk, x);
                }
            }
            int rows = Math.min(ROWS, w.rows() - group * ROWS);
            for (int t = 0; t < x.tokens(); t++) {
                int to = t * w.rows() + group * ROWS;
                for (int row = 0; row < rows; row++) {
                    y[to + row] = results[t * ROWS + Lanes.laneOf(row)];
                }
            }
        }

        private void rows(PackedMatrix w, int group, Activation x, float[] y) {
            int last = Math.min(w.rows(), (group + 1) * ROWS);
            int stride = x.blocks() * Activation.BLOCK;
            for (int row = group * ROWS; row < last; row++) {
                for (int t = 0; t < x.tokens(); t++) {
                    y[t * w.rows() + row] = RowDot.dot(w.source(), row, x.values, t * stride, lanes);
                }
            }
        }

        private void integers(PackedMatrix w, PackLayout layout, int group, int chunk, Activation x) {
            int blocks = w.chunkCols(chunk) / Activation.BLOCK;
            long at = w.chunkAt(group, chunk);
            MemorySegment packed = w.packed();
            factors.read(layout, packed, at, blocks);
            long lines = at + layout.headerBytes(blocks);
            int unit = layout.unit();
            int units = blocks * Activation.BLOCK / unit;
            for (int t = 0; t < x.tokens(); t++) {
                int block = t * x.blocks() + chunk * PackLayout.CHUNK_BLOCKS;
                if (layout.nibbles()) {
                    IntegerDot.nibbles(packed, lines, blocks, x.nibbleFactors, block * Activation.BLOCK, x.sums, block,
                            sums);
                } else {
                    IntegerDot.bytes(packed, lines, units, unit / 2, x.byteFactors,
                            block * (Activation.BLOCK / 2) * Activation.BYTE_FACTORS, sums);
                }
                scale(units, units / blocks, x.scales, block, t * ROWS);
                if (layout.hasMin()) {
                    addMins(blocks, x.scaledSums, block, t * ROWS);
                }
            }
        }

        // result += a * scale * sum
        private void scale(int units, int perBlock, float[] scales, int block, int to) {
            for (int lane = 0; lane < ROWS; lane += Lanes.FLOATS.length()) {
                FloatVector result = FloatVector.fromArray(Lanes.FLOATS, results, to + lane);
                for (int u = 0; u < units; u++) {
                    FloatVector sum = (FloatVector) IntVector.fromArray(Lanes.INTS, sums, u * ROWS + lane)
                            .convert(
                                    VectorOperators.I2F, 0);
                    FloatVector a = FloatVector.fromArray(Lanes.FLOATS, factors.a, u * ROWS + lane);
                    result = sum.fma(a.mul(scales[block + u / perBlock]), result);
                }
                result.intoArray(results, to + lane);
            }
        }

        // result += b * sum of x
        private void addMins(int blocks, float[] scaledSums, int block, int to) {
            for (int lane = 0; lane < ROWS; lane += Lanes.FLOATS.length()) {
                FloatVector result = FloatVector.fromArray(Lanes.FLOATS, results, to + lane);
                for (int u = 0; u < blocks; u++) {
                    result = FloatVector.fromArray(Lanes.FLOATS, factors.b, u * ROWS + lane)
                            .fma(
                                    FloatVector.broadcast(Lanes.FLOATS, scaledSums[block + u]), result);
                }
                result.intoArray(results, to + lane);
            }
        }

        private void floats(PackedMatrix w, int group, int chunk, Activation x) {
            if (decoded.length == 0) {
                decoded = new float[PackLayout.CHUNK * ROWS];
                strip = new float[PackLayout.CHUNK * GemmTile.TOKENS];
            }
            panel.decode(w, group, chunk, decoded, 0);
            int cols = w.chunkCols(chunk);
            int stride = x.blocks() * Activation.BLOCK;
            for (int t = 0; t < x.tokens(); t += GemmTile.TOKENS) {
                int tokens = Math.min(GemmTile.TOKENS, x.tokens() - t);
                GemmTile.pack(x.values, t * stride + chunk * PackLayout.CHUNK, stride, tokens, cols, strip, 0);
                GemmTile.multiply(cols, decoded, 0, strip, 0, tokens, results, t * ROWS);
            }
        }
    }
}
