package dev.kvasir.kernels.matrix.vector.product;

import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** Dot products of f32 rows, read where the file has them, with an f32 vector. */
public final class RowDot {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.ORDER);

    private RowDot() {}

    /**
     * The product of one row and {@code x[xAt..]}.
     *
     * @param lanes scratch memory for one vector
     */
    public static float dot(Matrix w, int row, float[] x, int xAt, float[] lanes) {
        return f32(w.data(), row * w.rowBytes(), w.cols(), x, xAt, lanes);
    }

    // Four sums hide the latency of the multiply-add.
    private static float f32(MemorySegment w, long at, int cols, float[] x, int xAt, float[] lanes) {
        int step = Lanes.FLOATS.length();
        FloatVector a = FloatVector.zero(Lanes.FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i + 4 * step <= cols; i += 4 * step) {
            long p = at + 4L * i;
            a = floats(w, p).fma(load(x, xAt + i), a);
            b = floats(w, p + 4 * step).fma(load(x, xAt + i + step), b);
            c = floats(w, p + 8 * step).fma(load(x, xAt + i + 2 * step), c);
            d = floats(w, p + 12 * step).fma(load(x, xAt + i + 3 * step), d);
        }
        // No helper methods here: C2 does not inline them where rows seldom have a rest, and boxes what they return.
        for (; i + step <= cols; i += step) {
            FloatVector weights = FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4L * i, Lanes.ORDER);
            a = weights.fma(FloatVector.fromArray(Lanes.FLOATS, x, xAt + i), a);
        }
        float sum = sum(a.add(b).add(c.add(d)), lanes);
        for (; i < cols; i++) {
            sum = Math.fma(w.get(FLOAT, at + 4L * i), x[xAt + i], sum);
        }
        return sum;
    }

    // Always in the same order: that of reduceLanes(ADD) changes once the compiler has been at it.
    private static float sum(FloatVector v, float[] lanes) {
        v.intoArray(lanes, 0);
        for (int half = Lanes.FLOATS.length() / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(Lanes.FLOATS, x, at);
    }

    private static FloatVector floats(MemorySegment w, long at) {
        return FloatVector.fromMemorySegment(Lanes.FLOATS, w, at, Lanes.ORDER);
    }
}
