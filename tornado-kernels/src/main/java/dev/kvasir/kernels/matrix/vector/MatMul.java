package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.machine.AmxMatMul;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.GemmTile;
import dev.kvasir.kernels.matrix.vector.product.Panel;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.Lanes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A matrix times the vectors of many tokens, for prefill: {@code Y[t][r] = sum_c X[t][c] W[r][c]}, in f32, or in bfloat16
 * where that is allowed and the processor has a matrix unit for it ({@link AmxMatMul}).
 *
 * <p>Weights are decoded once per product into panels of 256 columns by 32 rows, four of them at a time (128 KiB, for
 * the second-level cache), which then meet the strips of 12 tokens one after the other in {@link GemmTile}. A token's
 * result does not depend on the others.
 *
 * <p>One product runs at a time. Scratch memory grows to the largest product seen, and is kept.
 */
public final class MatMul {

    private static final int ROWS = PackLayout.ROWS;
    private static final int CHUNK = PackLayout.CHUNK;
    private static final int TOKENS = GemmTile.TOKENS;
    /** Groups of 32 rows that share one pass over the tokens. */
    private static final int PANELS = 4;

    private final Workers workers;
    private final @Nullable AmxMatMul tiles;
    private final Scratch[] scratch;
    private final Workers.RangeTask packing = this::pack;
    private final Workers.RangeTask multiplying = this::rows;

    private float[] packed = new float[0]; // [strips][cols][12]
    private float[] x = new float[0];
    private int xAt;
    private int tokens;
    private PackedMatrix[] matrices = new PackedMatrix[0];
    private float[][] results = new float[0][];
    private int[] firstPiece = new int[8];
    private final PackedMatrix[] single = new PackedMatrix[1];
    private final float[][] singleResult = new float[1][];

    public MatMul(Workers workers) {
        this(workers, false);
    }

    /**
     * @param rounded whether results may be off by two thousandths: those of large matrices are where the processor has a matrix unit
     */
    public MatMul(Workers workers, boolean rounded) {
        this.workers = workers;
        tiles = rounded ? AmxMatMul.create(workers).orElse(null) : null;
        scratch = new Scratch[workers.size()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch();
        }
    }

    /** Multiplies one matrix: {@code y[t * rows + r]} from {@code x[xAt + t * cols + c]}. */
    public void multiply(float[] x, int xAt, int tokens, PackedMatrix w, float[] y) {
        single[0] = w;
        singleResult[0] = y;
        multiply(x, xAt, tokens, single, singleResult);
    }

    /**
     * Multiplies several matrices of the same number of columns with the same input: {@code ys[i][t * rows_i + r]}.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public void multiply(float[] x, int xAt, int tokens, PackedMatrix[] ws, float[][] ys) {
        int cols = ws[0].cols();
        if (firstPiece.length <= ws.length) {
            firstPiece = new int[ws.length + 1];
        }
        int pieces = 0;
        for (int i = 0; i < ws.length; i++) {
            if (ws[i].cols() != cols || x.length - xAt < (long) tokens * cols
                    || ys[i].length < (long) tokens * ws[i].rows()) {
                throw new IllegalArgumentException(
                        "%d x %d weights do not fit %d tokens of %d elements with room for %d results".formatted(
                                ws[i].rows(), ws[i].cols(), tokens, cols, ys[i].length));
            }
            firstPiece[i] = pieces;
            pieces += (ws[i].groups() + PANELS - 1) / PANELS;
        }
        firstPiece[ws.length] = pieces;
        if (tiles != null && AmxMatMul.suits(ws)) {
            tiles.multiply(x, xAt, tokens, ws, ys);
            return;
        }
        int strips = (tokens + TOKENS - 1) / TOKENS;
        int needed = Math.multiplyExact(Math.multiplyExact(strips, TOKENS), cols);
        if (packed.length < needed) {
            packed = new float[needed];
        }
        this.x = x;
        this.xAt = xAt;
        this.tokens = tokens;
        this.matrices = ws;
        this.results = ys;
        workers.forEachRange(strips, 1, packing);
        workers.forEachRange(pieces, 1, multiplying);
    }

    private void pack(int worker, int from, int to) {
        int cols = matrices[0].cols();
        for (int strip = from; strip < to; strip++) {
            int first = strip * TOKENS;
            GemmTile.pack(x, xAt + first * cols, cols, Math.min(TOKENS, tokens - first), cols, packed, first * cols);
        }
    }

    private void rows(int worker, int from, int to) {
        int m = 0;
        for (int piece = from; piece < to; piece++) {
            while (piece >= firstPiece[m + 1]) {
                m++;
            }
            scratch[worker].multiply(matrices[m], (piece - firstPiece[m]) * PANELS, packed, tokens, results[m]);
        }
    }

    /** What one worker needs for four groups of rows. */
    private static final class Scratch {

        private final Panel panel = new Panel();
        private final float[] panels = new float[PANELS * CHUNK * ROWS];
        private float[] sums = new float[0]; // [panels][tokens][32], rows in the order of Lanes.rowOf

        void multiply(PackedMatrix w, int firstGroup, float[] packed, int tokens, float[] y) {
            int groups = Math.min(PANELS, w.groups() - firstGroup);
            int perPanel = tokens * ROWS;
            if (sums.length < groups * perPanel) {
                sums = new float[PANELS * perPanel];
            }
            Arrays.fill(sums, 0, groups * perPanel, 0f);
            for (int chunk = 0; chunk < w.chunks(); chunk++) {
                int cols = w.chunkCols(chunk);
                for (int g = 0; g < groups; g++) {
                    panel.decode(w, firstGroup + g, chunk, panels, g * CHUNK * ROWS);
                }
                for (int t = 0; t < tokens; t += TOKENS) {
                    int strip = t * w.cols() + chunk * CHUNK * TOKENS;
                    for (int g = 0; g < groups; g++) {
                        GemmTile.multiply(cols, panels, g * CHUNK * ROWS, packed, strip, Math.min(TOKENS, tokens - t),
                                sums, g * perPanel + t * ROWS);
                    }
                }
            }
            for (int g = 0; g < groups; g++) {
                int first = (firstGroup + g) * ROWS;
                int rows = Math.min(ROWS, w.rows() - first);
                for (int t = 0; t < tokens; t++) {
                    Lanes.toRows(sums, g * perPanel + t * ROWS, y, t * w.rows() + first, rows);
                }
            }
        }
    }
}
