package dev.kvasir.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One chunk of columns of 1024 rows as 16-bit floats, laid out for {@link HalfTile}: an array for every four columns.
 * Scratch memory of one worker.
 *
 * <p>Every group of 32 rows is divided by a power of two of its own, so that its largest weight lies between 1/2 and 1;
 * what is then less than 2^-14 becomes zero.
 */
final class HalfPanels {

    /** Groups of 32 rows. */
    static final int GROUPS = HalfTile.ROWS / PackLayout.ROWS;

    private static final int ROWS = PackLayout.ROWS;
    private static final int CHUNK = PackLayout.CHUNK;
    private static final int COLS = HalfTile.COLS;
    private static final int LANES = Lanes.FLOATS.length();
    private static final int MAGNITUDE = 0x7fff_ffff;
    private static final int REBIAS = (127 - 15) << 23;
    private static final int HALF_A_UNIT = 1 << 12;
    private static final int INFINITE_HALF = 0x7c00 << 13;

    private final Panel panel = new Panel();
    private final float[] decoded = new float[CHUNK * ROWS];
    private final short[][] quads = new short[CHUNK / COLS][COLS * HalfTile.STRIDE];
    private final float[] rowFactors = new float[HalfTile.ROWS];

    /** Decodes chunk {@code chunk} of group {@code group} to the place of group {@code place}. */
    void decode(PackedMatrix matrix, int group, int chunk, int place) {
        int cols = matrix.chunkCols(chunk);
        panel.decode(matrix, group, chunk, decoded, 0);
        float factor = narrow(decoded, cols, quads, HalfTile.LEAD + place * ROWS);
        Arrays.fill(rowFactors, place * ROWS, (place + 1) * ROWS, factor);
        clear(cols, HalfMatMul.padded(cols), place);
    }

    /** Makes columns {@code from} to {@code to} of a place zero. */
    void clear(int from, int to, int place) {
        for (int c = from; c < to; c++) {
            int at = c % COLS * HalfTile.STRIDE + HalfTile.LEAD + place * ROWS;
            Arrays.fill(quads[c / COLS], at, at + ROWS, (short) 0);
        }
    }

    /** The weights of columns {@code 4 * quad} and the three behind it. */
    short[] quad(int quad) {
        return quads[quad];
    }

    /** What the weights of each of the 1024 rows were divided by. */
    float[] rowFactors() {
        return rowFactors;
    }

    /** The smallest power of two above all magnitudes; 1 if there is none, or none that has an inverse. */
    static float powerAbove(float[] x, int at, int n) {
        IntVector most = IntVector.zero(Lanes.INTS);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            most = FloatVector.fromArray(Lanes.FLOATS, x, at + i).reinterpretAsInts().and(MAGNITUDE).max(most);
        }
        int max = most.reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            max = Math.max(max, Float.floatToRawIntBits(x[at + i]) & MAGNITUDE);
        }
        return powerAbove(max);
    }

    // Bits of floats without their sign are in the order of the floats, with NaN above all.
    private static float powerAbove(int magnitude) {
        int exponent = Math.getExponent(Float.intBitsToFloat(magnitude)) + 1;
        return Math.abs(exponent) > 100 ? 1 : Math.scalb(1f, exponent);
    }

    // Columns of 32 rows in the order of Lanes.rowOf, whose even and odd ones are the lower and upper halves of ints, divided
    // by the power of two that is returned. One long method: C2 would inline short ones, run out of nodes and box vectors.
    private static float narrow(float[] x, int cols, short[][] quads, int to) {
        IntVector most = IntVector.zero(Lanes.INTS);
        IntVector mostOdd = most;
        for (int at = 0; at < cols * ROWS; at += 2 * LANES) {
            most = FloatVector.fromArray(Lanes.FLOATS, x, at).reinterpretAsInts().and(MAGNITUDE).max(most);
            mostOdd = FloatVector.fromArray(Lanes.FLOATS, x, at + LANES)
                    .reinterpretAsInts()
                    .and(MAGNITUDE)
                    .max(mostOdd);
        }
        float factor = powerAbove(most.max(mostOdd).reduceLanes(VectorOperators.MAX));
        float inverse = 1 / factor;
        for (int c = 0; c < cols; c++) {
            short[] out = quads[c / COLS];
            int outAt = c % COLS * HalfTile.STRIDE + to;
            for (int row = 0; row < ROWS; row += 2 * LANES) {
                int at = c * ROWS + row;
                IntVector even = FloatVector.fromArray(Lanes.FLOATS, x, at).mul(inverse).reinterpretAsInts();
                IntVector odd = FloatVector.fromArray(Lanes.FLOATS, x, at + LANES).mul(inverse).reinterpretAsInts();
                // Magnitudes with the exponents of halves, 13 bits too far left: zero if too small, infinite if too large.
                IntVector low = even.and(MAGNITUDE).sub(REBIAS - HALF_A_UNIT).max(0).min(INFINITE_HALF);
                IntVector high = odd.and(MAGNITUDE).sub(REBIAS - HALF_A_UNIT).max(0).min(INFINITE_HALF);
                low = low.lanewise(VectorOperators.LSHR, 13).or(even.lanewise(VectorOperators.LSHR, 16).and(0x8000));
                high = high.lanewise(VectorOperators.LSHL, 3).and(0x7fff_0000).or(odd.and(0x8000_0000));
                low.or(high).reinterpretAsShorts().intoArray(out, outAt + row);
            }
        }
        return factor;
    }
}
