package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.tensor.TensorCodec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One chunk of a group of rows as floats, laid out for {@link GemmTile}: {@code [columns][32 rows]}, rows in the order
 * of {@link Lanes#rowOf}. Scratch memory of one worker.
 */
final class Panel {

    private static final int ROWS = PackLayout.ROWS;

    private final Factors factors = new Factors();
    private final float[] row = new float[PackLayout.CHUNK];

    /** Decodes chunk {@code chunk} of group {@code group} into {@code out} from {@code outAt}. */
    void decode(PackedMatrix matrix, int group, int chunk, float[] out, int outAt) {
        PackLayout layout = matrix.layout();
        if (layout == null) {
            rows(matrix, group, chunk, out, outAt);
            return;
        }
        int blocks = matrix.chunkCols(chunk) / Activation.BLOCK;
        long at = matrix.chunkAt(group, chunk);
        factors.read(layout, matrix.packed(), at, blocks, matrix.scaleUnit(group));
        int unitsABlock = Activation.BLOCK / layout.unit();
        for (int block = 0; block < blocks; block++) {
            long lines = at + layout.superBytes() + (long) block * layout.blockBytes() + layout.scaleBytes();
            int to = outAt + block * Activation.BLOCK * ROWS;
            if (layout.nibbles()) {
                nibbles(matrix.packed(), lines, block, layout.hasMin(), out, to);
                continue;
            }
            for (int unit = 0; unit < unitsABlock; unit++) {
                int first = unit * layout.unit() * ROWS;
                bytes(matrix.packed(), lines + first, block * unitsABlock + unit, layout.unit(), layout.hasMin(), out,
                        to + first);
            }
        }
    }

    private void bytes(MemorySegment w, long at, int unit, int columns, boolean min, float[] out, int outAt) {
        for (int lane = 0; lane < ROWS; lane += Lanes.FLOATS.length()) {
            FloatVector a = FloatVector.fromArray(Lanes.FLOATS, factors.a, unit * ROWS + lane);
            FloatVector b = min
                    ? FloatVector.fromArray(Lanes.FLOATS, factors.b, unit * ROWS + lane)
                    : FloatVector.zero(Lanes.FLOATS);
            for (int c = 0; c < columns; c++) {
                FloatDot.bytes(w, at + c * ROWS + lane).fma(a, b).intoArray(out, outAt + c * ROWS + lane);
            }
        }
    }

    private void nibbles(MemorySegment w, long at, int unit, boolean min, float[] out, int outAt) {
        int odd = Lanes.INTS.length();
        for (int r = 0; r < ROWS; r += Lanes.SHORTS.length()) {
            for (int part = 0; part < 2; part++) {
                int lane = r + part * odd;
                FloatVector a = FloatVector.fromArray(Lanes.FLOATS, factors.a, unit * ROWS + lane);
                FloatVector b = min
                        ? FloatVector.fromArray(Lanes.FLOATS, factors.b, unit * ROWS + lane)
                        : FloatVector.zero(Lanes.FLOATS);
                for (int k = 0; k < 4; k++) {
                    int to = outAt + lane + k * ROWS;
                    for (int j = 0; j < 8; j++, to += 4 * ROWS) {
                        IntVector q = words(w, at + (long) j * FloatDot.LINE + 2 * r).lanewise(VectorOperators.LSHR,
                                16 * part + 4 * k).and(15).sub(8);
                        toFloat(q).fma(a, b).intoArray(out, to);
                    }
                }
            }
        }
    }

    // Weights that are not quantised lie row by row in their file, and are turned here.
    private void rows(PackedMatrix matrix, int group, int chunk, float[] out, int outAt) {
        TensorCodec codec = TensorCodec.of(matrix.type());
        int cols = matrix.chunkCols(chunk);
        for (int lane = 0; lane < ROWS; lane++) {
            int r = group * ROWS + Lanes.rowOf(lane);
            if (r < matrix.rows()) {
                long at = r * matrix.source().rowBytes() + (long) chunk * PackLayout.CHUNK * matrix.type().blockBytes();
                codec.decode(matrix.source().data(), at, row, 0, cols);
            } else {
                Arrays.fill(row, 0, cols, 0f);
            }
            for (int c = 0; c < cols; c++) {
                out[outAt + c * ROWS + lane] = row[c];
            }
        }
    }

    private static IntVector words(MemorySegment w, long at) {
        return ShortVector.fromMemorySegment(Lanes.SHORTS, w, at, Lanes.ORDER).reinterpretAsInts();
    }

    private static FloatVector toFloat(IntVector v) {
        return (FloatVector) v.convert(VectorOperators.I2F, 0);
    }
}
