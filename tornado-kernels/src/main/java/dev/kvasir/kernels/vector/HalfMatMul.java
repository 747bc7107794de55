package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.parallel.Workers;
import java.util.Arrays;

/**
 * {@link MatMul}'s product in 16-bit floats, for processors that multiply those at twice the rate; off by about two
 * thousandths: weights and inputs are rounded to 11 bits, and the products of a chunk, 256 columns, are summed in 11 bits
 * before they are added to sums in f32.
 *
 * <p>Nothing overflows: weights are divided by powers of two to be less than 1 ({@link HalfPanels}), and a token's inputs,
 * chunk by chunk, to be less than 128, so that a chunk's sum is less than 2^15. What is not finite in the input is not finite in
 * the result. A token's result does not depend on the others.
 */
final class HalfMatMul {

    private static final int CHUNK = PackLayout.CHUNK;
    private static final int TOKENS = HalfTile.TOKENS;
    private static final int COLS = HalfTile.COLS;
    private static final float LARGEST_INPUT = 128;
    /** Fewest tokens of a piece: fewer would decode the weights for too little. */
    private static final int FEWEST_TOKENS = 64;

    private final Workers workers;
    private final Scratch[] scratch;
    private final Workers.RangeTask rounding = this::round;
    private final Workers.RangeTask multiplying = this::multiply;

    private short[] halves = new short[0]; // [chunks][strips][5 tokens][256]
    private float[] factors = new float[0]; // [chunks][strips][5 tokens]
    private float[] x = new float[0];
    private int xAt;
    private int tokens;
    private int strips; // of five tokens
    private int cuts; // of the strips into pieces
    private PackedMatrix[] matrices = new PackedMatrix[0];
    private float[][] results = new float[0][];

    HalfMatMul(Workers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.size()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch();
        }
    }

    /** Whether the rows of all matrices together fill tiles well enough. */
    static boolean suits(PackedMatrix[] ws) {
        int rows = groups(ws) * PackLayout.ROWS;
        return (long) panels(ws) * HalfTile.ROWS <= rows + rows / 4;
    }

    /** What {@link MatMul#multiply} does, for arguments that it has checked. */
    void multiply(float[] x, int xAt, int tokens, PackedMatrix[] ws, float[][] ys) {
        strips = (tokens + TOKENS - 1) / TOKENS;
        int needed = Math.multiplyExact(Math.multiplyExact(strips, TOKENS), ws[0].chunks());
        if (factors.length < needed) {
            halves = new short[Math.multiplyExact(needed, CHUNK)];
            factors = new float[needed];
        }
        this.x = x;
        this.xAt = xAt;
        this.tokens = tokens;
        matrices = ws;
        results = ys;
        int panels = panels(ws);
        cuts = Math.clamp((2 * workers.size() + panels - 1) / panels, 1, Math.max(1, tokens / FEWEST_TOKENS));
        workers.forEachRange(strips, 1, rounding);
        workers.forEachRange(panels * cuts, 1, multiplying);
    }

    private static int groups(PackedMatrix[] ws) {
        int groups = 0;
        for (PackedMatrix w : ws) {
            groups += w.groups();
        }
        return groups;
    }

    private static int panels(PackedMatrix[] ws) {
        return (groups(ws) + HalfPanels.GROUPS - 1) / HalfPanels.GROUPS;
    }

    /** Columns of whole tiles. */
    static int padded(int cols) {
        return (cols + COLS - 1) / COLS * COLS;
    }

    private void round(int worker, int from, int to) {
        int cols = matrices[0].cols();
        for (int chunk = 0; chunk * CHUNK < cols; chunk++) {
            int n = Math.min(CHUNK, cols - chunk * CHUNK);
            for (int t = from * TOKENS; t < to * TOKENS; t++) {
                int row = chunk * strips * TOKENS + t;
                if (t >= tokens) {
                    Arrays.fill(halves, row * CHUNK, (row + 1) * CHUNK, (short) 0);
                    continue;
                }
                int at = xAt + t * cols + chunk * CHUNK;
                float factor = HalfPanels.powerAbove(x, at, n) / LARGEST_INPUT;
                factors[row] = factor;
                HalfTile.round(x, at, 1 / factor, halves, row * CHUNK, n);
                Arrays.fill(halves, row * CHUNK + n, row * CHUNK + padded(n), (short) 0);
            }
        }
    }

    private void multiply(int worker, int from, int to) {
        for (int piece = from; piece < to; piece++) {
            int cut = piece % cuts;
            scratch[worker].multiply(piece / cuts * HalfPanels.GROUPS, strips * cut / cuts, strips * (cut + 1) / cuts);
        }
    }

    /** What one worker needs for 1024 rows, of one matrix or of several. */
    private final class Scratch {

        private final HalfPanels panels = new HalfPanels();
        private final short[] c = new short[TOKENS * HalfTile.STRIDE];
        private float[][] sums = new float[0][]; // [tokens][1024]

        /** Multiplies 32 groups of rows, numbered through all matrices, with the tokens of some strips. */
        void multiply(int firstGroup, int fromStrip, int toStrip) {
            if (sums.length < (toStrip - fromStrip) * TOKENS) {
                sums = new float[(toStrip - fromStrip) * TOKENS][HalfTile.ROWS];
            }
            for (float[] row : sums) {
                Arrays.fill(row, 0f);
            }
            for (int chunk = 0; chunk < matrices[0].chunks(); chunk++) {
                decode(firstGroup, chunk);
                int cols = padded(matrices[0].chunkCols(chunk));
                for (int strip = fromStrip; strip < toStrip; strip++) {
                    add(cols, (chunk * strips + strip) * TOKENS, (strip - fromStrip) * TOKENS);
                }
            }
            output(firstGroup, fromStrip * TOKENS, Math.min(tokens, toStrip * TOKENS));
        }

        private void decode(int firstGroup, int chunk) {
            int place = 0;
            int before = 0;
            for (PackedMatrix w : matrices) {
                for (int g = Math.max(0, firstGroup - before); g < w.groups() && place < HalfPanels.GROUPS; g++) {
                    panels.decode(w, g, chunk, place++);
                }
                before += w.groups();
            }
            for (; place < HalfPanels.GROUPS; place++) {
                panels.clear(0, padded(matrices[0].chunkCols(chunk)), place);
            }
        }

        private void add(int cols, int row, int firstSum) {
            for (int col = 0; col < cols; col += COLS) {
                HalfTile.multiply(panels.quad(col / COLS), halves, row * CHUNK + col, c);
            }
            for (int t = 0; t < TOKENS; t++) {
                HalfTile.flush(c, t, panels.rowFactors(), factors[row + t], sums[firstSum + t]);
            }
        }

        private void output(int firstGroup, int fromToken, int toToken) {
            int from = firstGroup * PackLayout.ROWS;
            int before = 0; // rows of earlier matrices, in whole groups
            for (int m = 0; m < matrices.length; m++) {
                int rows = matrices[m].rows();
                int first = Math.max(0, from - before);
                int n = Math.min(rows, from + HalfTile.ROWS - before) - first;
                for (int t = fromToken; n > 0 && t < toToken; t++) {
                    System.arraycopy(sums[t - fromToken], before + first - from, results[m], t * rows + first, n);
                }
                before += matrices[m].groups() * PackLayout.ROWS;
            }
        }
    }
}
