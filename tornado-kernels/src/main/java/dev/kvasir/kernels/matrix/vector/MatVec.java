package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.machine.ByteDot;
import dev.kvasir.kernels.matrix.machine.NibbleDot;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.Factors;
import dev.kvasir.kernels.matrix.vector.product.FloatDot;
import dev.kvasir.kernels.matrix.vector.product.RowDot;
import dev.kvasir.kernels.matrix.vector.product.ShortDot;
import dev.kvasir.kernels.matrix.vector.product.SuperDot;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

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
    private final boolean machineCode;
    private final Scratch[] scratch;
    private final Workers.RangeTask task = this::parts;

    private Activation x;
    private PackedMatrix[] matrices = new PackedMatrix[0];
    private float[][] results = new float[0][];
    private int[] firstPart = new int[8];
    private final PackedMatrix[] single = new PackedMatrix[1];
    private final float[][] singleResult = new float[1][];

    /** @param maxTokens tokens of one product at most */
    public MatVec(Workers workers, int maxTokens) {
        this(workers, maxTokens, true);
    }

    /** @param machineCode whether to use it where there is some */
    public MatVec(Workers workers, int maxTokens, boolean machineCode) {
        this.workers = workers;
        this.machineCode = machineCode;
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
        if (firstPart.length <= ws.length) {
            firstPart = new int[ws.length + 1];
        }
        this.x = x;
        int parts = 0;
        long bytes = 0;
        for (int i = 0; i < ws.length; i++) {
            check(x, ws[i], ys[i]);
            PackLayout layout = ws[i].layout();
            if (layout != null && inMachineCode(layout, x)) {
                x.prepareBytes();
            } else if (layout != null) {
                x.prepare(layout);
            }
            firstPart[i] = parts;
            parts += (ws[i].groups() + partGroups(ws[i]) - 1) / partGroups(ws[i]);
            bytes += ws[i].bytesRead();
        }
        firstPart[ws.length] = parts;
        this.matrices = ws;
        this.results = ys;
        int grain = (int) Math.clamp(PIECE_BYTES * parts / Math.max(1, bytes), 1, Math.max(1, parts));
        workers.forEachRange(parts, grain, task);
    }

    private void check(Activation x, PackedMatrix w, float[] y) {
        if (x.cols() != w.cols() || x.tokens() > scratch[0].maxTokens || y.length < (long) x.tokens() * w.rows()) {
            throw new IllegalArgumentException(
                    "%d x %d weights do not fit %d vectors of %d elements with room for %d results of %d tokens"
                            .formatted(
                                    w.rows(), w.cols(), x.tokens(), x.cols(), y.length, scratch[0].maxTokens));
        }
    }

    private boolean inMachineCode(PackLayout layout, Activation x) {
        return machineCode && x.isWhole(layout) && NibbleDot.takes(layout, x.cols());
    }

    // Groups that are walked side by side.
    private int partGroups(PackedMatrix w) {
        PackLayout layout = w.layout();
        return layout != null && inMachineCode(layout, x) ? NibbleDot.GROUPS : 2;
    }

    private void parts(int worker, int from, int to) {
        int m = 0;
        for (int part = from; part < to; part++) {
            while (part >= firstPart[m + 1]) {
                m++;
            }
            PackedMatrix w = matrices[m];
            int groups = partGroups(w);
            int group = groups * (part - firstPart[m]);
            if (groups == NibbleDot.GROUPS) {
                scratch[worker].four(w, group, x, results[m]);
            } else {
                scratch[worker].pair(w, group, x, results[m]);
            }
        }
    }

    /** What one worker needs for one group of rows. */
    private static final class Scratch {

        private final int maxTokens;
        private final NibbleDot nibbleDot = new NibbleDot();
        private final ByteDot byteDot = new ByteDot();
        private final Factors factors = new Factors();
        private final Factors factors2 = new Factors();
        private final float[] lanes = new float[Lanes.FLOATS.length()];
        private final float[] results; // [tokens][32], in the order of Lanes.rowOf
        private final float[] results2; // of the second group of the pair

        Scratch(int maxTokens) {
            this.maxTokens = maxTokens;
            // The tail keeps the scratch of two workers off one cache line.
            results = new float[maxTokens * ROWS + 2 * ROWS];
            results2 = new float[maxTokens * ROWS + 2 * ROWS];
        }

        void four(PackedMatrix w, int group, Activation x, float[] y) {
            for (int t = 0; t < x.tokens(); t++) {
                nibbleDot.multiply(w, group, x, t, y, t * w.rows());
            }
        }

        void pair(PackedMatrix w, int group, Activation x, float[] y) {
            boolean two = group + 1 < w.groups();
            PackLayout layout = w.layout();
            if (layout == null) {
                rows(w, group, x, y);
                if (two) {
                    rows(w, group + 1, x, y);
                }
                return;
            }
            Arrays.fill(results, 0, x.tokens() * ROWS, 0f);
            Arrays.fill(results2, 0, x.tokens() * ROWS, 0f);
            int group2 = two ? group + 1 : group;
            if (layout.halves()) {
                halves(w, layout, group, group2, x);
            } else if (layout.header() == PackLayout.Header.SCALE) {
                scaled(w, layout, group, group2, x);
            } else {
                for (int chunk = 0; chunk < w.chunks(); chunk++) {
                    if (layout.header() == PackLayout.Header.SCALE_MIN) {
                        scaledWithMin(w, layout, group, group2, chunk, x);
                    } else {
                        superScaled(w, layout, group, group2, chunk, x);
                    }
                }
            }
            write(w, group, x.tokens(), results, y);
            if (two) {
                write(w, group + 1, x.tokens(), results2, y);
            }
        }

        private static void write(PackedMatrix w, int group, int tokens, float[] results, float[] y) {
            int rows = Math.min(ROWS, w.rows() - group * ROWS);
            for (int t = 0; t < tokens; t++) {
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

        // One token's sums stay in registers along the whole row; those of several share each chunk of weights, but for
        // whole numbers, whose order of adding goes by the row.
        private void scaled(PackedMatrix w, PackLayout layout, int group, int group2, Activation x) {
            int blocks = w.cols() / Activation.BLOCK;
            int most = x.tokens() == 1 || x.isWhole(layout) ? blocks : PackLayout.CHUNK_BLOCKS;
            for (int first = 0; first < blocks; first += most) {
                int count = Math.min(most, blocks - first);
                long skip = (long) first * layout.blockBytes();
                long at = w.chunkAt(group, 0) + skip;
                long at2 = w.chunkAt(group2, 0) + skip;
                for (int t = 0; t < x.tokens(); t++) {
                    int from = (t * x.blocks() + first) * Activation.BLOCK;
                    if (x.isWhole(layout)) {
                        ShortDot.scaled(w.packed(), at, at2, count, layout.blockBytes(), x, t * x.blocks() + first,
                                w.scaleUnit(group), w.scaleUnit(group2), results, results2, t * ROWS);
                    } else if (layout.nibbles()) {
                        FloatDot.scaledNibbles(w.packed(), at, at2, count, layout.blockBytes(), x.steep, from, x.sums,
                                x.steepSums, t * x.blocks() + first, 16 * w.scaleUnit(group),
                                16 * w.scaleUnit(group2), results, results2, t * ROWS);
                    } else if (ByteDot.takes(layout)) {
                        byteDot.multiply(w.packed(), at, at2, count, x, from, w.scaleUnit(group),
                                w.scaleUnit(group2), results, results2, t * ROWS);
                    } else {
                        FloatDot.scaledBytes(w.packed(), at, at2, count, layout.blockBytes(), x.values, from,
                                w.scaleUnit(group), w.scaleUnit(group2), results, results2, t * ROWS);
                    }
                }
            }
        }

        private void halves(PackedMatrix w, PackLayout layout, int group, int group2, Activation x) {
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

        private void superScaled(PackedMatrix w, PackLayout layout, int group, int group2, int chunk, Activation x) {
            MemorySegment packed = w.packed();
            int blocks = w.chunkCols(chunk) / Activation.BLOCK;
            int stride = layout.blockBytes();
            long at = w.chunkAt(group, chunk);
            long at2 = w.chunkAt(group2, chunk);
            for (int t = 0; t < x.tokens(); t++) {
                int block = t * x.blocks() + chunk * PackLayout.CHUNK_BLOCKS;
                int from = block * Activation.BLOCK;
                if (x.isWhole(layout)) {
                    ShortDot.superScaled(packed, at, at2, blocks, stride, x, block, results, results2, t * ROWS);
                } else if (layout.header() == PackLayout.Header.SUPER_HALF) {
                    SuperDot.halves(packed, at, at2, blocks, stride, x.values, from, results, results2, t * ROWS);
                } else if (layout.nibbles()) {
                    SuperDot.nibbles(packed, at, at2, blocks, stride, x.steep, from, x.sums, x.steepSums, block,
                            results,
                            results2, t * ROWS);
                } else {
                    SuperDot.bytes(packed, at, at2, blocks, stride, x.values, from, x.sums, block, results, results2,
                            t * ROWS);
                }
            }
        }

        private void scaledWithMin(PackedMatrix w, PackLayout layout, int group, int group2, int chunk, Activation x) {
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
                    FloatDot.nibbles(packed, at, at2, layout.blockBytes(), blocks, x.steep, from, x.sums, x.steepSums,
                            block, factors.a, factors2.a, results, results2, t * ROWS);
                } else {
                    FloatDot.bytes(packed, at, at2, layout.blockBytes(), blocks, x.values, from, factors.a, factors2.a,
                            results, results2, t * ROWS);
                }
                addMins(blocks, factors.b, x.sums, block, results, t * ROWS);
                addMins(blocks, factors2.b, x.sums, block, results2, t * ROWS);
            }
        }
    }
}
