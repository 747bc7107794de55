package dev.kvasir.kernels.matrix.vector.product;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.tensor.TensorCodec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One chunk of a group of rows as floats, laid out for {@link GemmTile}: {@code [columns][32 rows]}, rows in the order
 * of {@link Lanes#rowOf}. Scratch memory of one worker.
 */
public final class Panel {

    private static final int ROWS = PackLayout.ROWS;

    private final Factors factors = new Factors();
    private final float[] row = new float[PackLayout.CHUNK];

    /** Decodes chunk {@code chunk} of group {@code group} into {@code out} from {@code outAt}. */
    public void decode(PackedMatrix matrix, int group, int chunk, float[] out, int outAt) {
        PackLayout layout = matrix.layout();
        if (layout == null) {
            rows(matrix, group, chunk, out, outAt);
            return;
        }
        long at = matrix.chunkAt(group, chunk);
        if (layout.halves()) {
            halves(matrix.packed(), at, matrix.chunkCols(chunk), layout == PackLayout.BF16, matrix.scaleUnit(group),
                    out,
                    outAt);
            return;
        }
        int blocks = matrix.chunkBlocks(chunk);
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
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            FloatVector a = FloatVector.fromArray(Lanes.FLOATS, factors.a, unit * ROWS + row);
            FloatVector a2 = FloatVector.fromArray(Lanes.FLOATS, factors.a, unit * ROWS + row + next);
            FloatVector b = FloatVector.zero(Lanes.FLOATS);
            FloatVector b2 = b;
            if (min) {
                b = FloatVector.fromArray(Lanes.FLOATS, factors.b, unit * ROWS + row);
                b2 = FloatVector.fromArray(Lanes.FLOATS, factors.b, unit * ROWS + row + next);
            }
            int to = outAt + row;
            for (int j = 0; j < FloatDot.NIBBLE_LINES; j++) {
                IntVector v = IntVector.fromMemorySegment(Lanes.INTS, w, at + j * FloatDot.LINE + 2 * row,
                        Lanes.ORDER);
                for (int k = 0; k < 4; k++, to += ROWS) {
                    IntVector even = v.lanewise(VectorOperators.LSHR, 4 * k).and(15).sub(8);
                    IntVector odd = v.lanewise(VectorOperators.LSHR, 16 + 4 * k).and(15).sub(8);
                    toFloat(even).fma(a, b).intoArray(out, to);
                    toFloat(odd).fma(a2, b2).intoArray(out, to + next);
                }
            }
        }
    }

    private static void halves(MemorySegment w, long at, int columns, boolean brains, float scale, float[] out,
            int outAt) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            for (int c = 0; c < columns; c++) {
                IntVector v = FloatDot.load(w, at + (long) c * FloatDot.LINE + 2 * row);
                int to = outAt + c * ROWS + row;
                if (brains) {
                    v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(out, to);
                    v.and(0xffff_0000).reinterpretAsFloats().intoArray(out, to + next);
                } else {
                    Factors.scale(v.lanewise(VectorOperators.LSHL, 16)).mul(scale).intoArray(out, to);
                    Factors.scale(v).mul(scale).intoArray(out, to + next);
                }
            }
        }
    }

    // Weights of f32 lie row by row in their file, and are turned here.
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

    private static FloatVector toFloat(IntVector v) {
        return (FloatVector) v.convert(VectorOperators.I2F, 0);
    }
}
