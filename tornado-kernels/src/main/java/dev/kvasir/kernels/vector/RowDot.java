package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/** Dot products of f32, f16 and bf16 rows, read where the file has them, with an f32 vector. */
final class RowDot {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.ORDER);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Lanes.ORDER);

    private RowDot() {}

    /**
     * The product of one row and {@code x[xAt..]}.
     *
     * @param lanes scratch memory for one vector
     */
    static float dot(Matrix w, int row, float[] x, int xAt, float[] lanes) {
        long at = row * w.rowBytes();
        return switch (w.type()) {
            case F32 -> f32(w.data(), at, w.cols(), x, xAt, lanes);
            case F16 -> f16(w.data(), at, w.cols(), x, xAt, lanes);
            case BF16 -> bf16(w.data(), at, w.cols(), x, xAt, lanes);
            default -> throw new IllegalArgumentException("%s rows are packed first".formatted(w.type()));
        };
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

    private static float f16(MemorySegment w, long at, int cols, float[] x, int xAt, float[] lanes) {
        int step = Lanes.FLOATS.length();
        FloatVector a = FloatVector.zero(Lanes.FLOATS);
        FloatVector b = a;
        int i = 0;
        for (; i + 2 * step <= cols; i += 2 * step) {
            a = halves(w, at + 2L * i).fma(load(x, xAt + i), a);
            b = halves(w, at + 2L * (i + step)).fma(load(x, xAt + i + step), b);
        }
        float sum = sum(a.add(b), lanes);
        for (; i < cols; i++) {
            sum = Math.fma(Float.float16ToFloat(w.get(SHORT, at + 2L * i)), x[xAt + i], sum);
        }
        return sum;
    }

    private static float bf16(MemorySegment w, long at, int cols, float[] x, int xAt, float[] lanes) {
        int step = Lanes.FLOATS.length();
        FloatVector a = FloatVector.zero(Lanes.FLOATS);
        FloatVector b = a;
        int i = 0;
        for (; i + 2 * step <= cols; i += 2 * step) {
            a = brains(w, at + 2L * i).fma(load(x, xAt + i), a);
            b = brains(w, at + 2L * (i + step)).fma(load(x, xAt + i + step), b);
        }
        float sum = sum(a.add(b), lanes);
        for (; i < cols; i++) {
            sum = Math.fma(Float.intBitsToFloat(w.get(SHORT, at + 2L * i) << 16), x[xAt + i], sum);
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

    private static FloatVector halves(MemorySegment w, long at) {
        return Lanes.halfToFloat(ShortVector.fromMemorySegment(Lanes.HALF_SHORTS, w, at, Lanes.ORDER));
    }

    private static FloatVector brains(MemorySegment w, long at) {
        return Lanes.bfloatToFloat(ShortVector.fromMemorySegment(Lanes.HALF_SHORTS, w, at, Lanes.ORDER));
    }
}
