package dev.kvasir.kernels.matrix.vector.product;

import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

import static dev.kvasir.kernels.simd.HalfLift.HALF_BITS;

/**
 * The scales of one packed chunk as floats: {@code weight = a * q + b}, with {@code a} and {@code b} as
 * {@code [units][32 rows]} in the order of {@link Lanes#rowOf}. A unit is 32 columns, or 16 where a type says so.
 */
public final class Factors {

    private static final int ROWS = PackLayout.ROWS;
    private static final int LINE = 2 * ROWS;

    public final float[] a = new float[2 * PackLayout.CHUNK_BLOCKS * ROWS];
    public final float[] b = new float[2 * PackLayout.CHUNK_BLOCKS * ROWS];

    /**
     * Reads the scales of the chunk at byte {@code at}.
     *
     * @param scaleUnit of its group
     */
    public void read(PackLayout layout, MemorySegment w, long at, int blocks, float scaleUnit) {
        switch (layout.header()) {
            case SCALE -> scales(w, at, layout.blockBytes(), blocks, scaleUnit);
            case SCALE_MIN -> {
                halves(w, at, layout.blockBytes(), blocks, a);
                halves(w, at + LINE, layout.blockBytes(), blocks, b);
                if (layout.nibbles()) {
                    // d q + m = d (q - 8) + (m + 8 d)
                    addScaled(blocks);
                }
            }
            case SUPER_MIN -> superMin(w, at, layout.blockBytes(), blocks, layout.nibbles());
            case SUPER_HALF -> superHalf(w, at, layout.blockBytes(), blocks);
            case NONE -> throw new IllegalStateException("%s weights have no scales".formatted(layout));
        }
    }

    private void scales(MemorySegment w, long at, int stride, int blocks, float unit) {
        int odd = Lanes.INTS.length();
        for (int block = 0; block < blocks; block++) {
            for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
                IntVector h = words(w, at + (long) block * stride + 2 * row);
                scale(h.lanewise(VectorOperators.LSHL, 16)).mul(unit).intoArray(a, block * ROWS + row);
                scale(h).mul(unit).intoArray(a, block * ROWS + row + odd);
            }
        }
    }

    /** Half floats in the upper 16 bits as floats, 2^112 times too small. */
    static FloatVector scale(IntVector h) {
        return h.lanewise(VectorOperators.ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
    }

    private static void halves(MemorySegment w, long at, int stride, int blocks, float[] out) {
        int odd = Lanes.INTS.length();
        for (int block = 0; block < blocks; block++) {
            for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
                IntVector h = words(w, at + (long) block * stride + 2 * row);
                Lanes.halvesToFloats(h.lanewise(VectorOperators.LSHL, 16)).intoArray(out, block * ROWS + row);
                Lanes.halvesToFloats(h).intoArray(out, block * ROWS + row + odd);
            }
        }
    }

    private void addScaled(int blocks) {
        for (int i = 0; i < blocks * ROWS; i += Lanes.FLOATS.length()) {
            FloatVector.fromArray(Lanes.FLOATS, a, i)
                    .fma(FloatVector.broadcast(Lanes.FLOATS, 8f),
                            FloatVector.fromArray(Lanes.FLOATS, b, i))
                    .intoArray(b, i);
        }
    }

    private void superMin(MemorySegment w, long at, int stride, int blocks, boolean nibbles) {
        int odd = Lanes.INTS.length();
        float centre = nibbles ? 8f : 0f;
        for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
            for (int part = 0; part < 2; part++) {
                int to = row + part * odd;
                FloatVector d = floats(w, at + 4 * to);
                FloatVector min = floats(w, at + 4 * (ROWS + to));
                for (int i = 0; i < blocks; i++) {
                    IntVector s = words(w, at + 8 * ROWS + (long) i * stride + 2 * row).lanewise(VectorOperators.LSHR,
                            16 * part);
                    FloatVector scale = toFloat(s.and(0xff)).mul(d);
                    FloatVector offset = toFloat(s.lanewise(VectorOperators.LSHR, 8).and(0xff)).mul(min);
                    scale.intoArray(a, i * ROWS + to);
                    scale.mul(centre).sub(offset).intoArray(b, i * ROWS + to);
                }
            }
        }
    }

    private void superHalf(MemorySegment w, long at, int stride, int blocks) {
        int odd = Lanes.INTS.length();
        for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
            for (int part = 0; part < 2; part++) {
                int to = row + part * odd;
                FloatVector d = floats(w, at + 4 * to);
                for (int i = 0; i < blocks; i++) {
                    IntVector s = words(w, at + 4 * ROWS + (long) i * stride + 2 * row).lanewise(VectorOperators.LSHL,
                            16 - 16 * part);
                    toFloat(s.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 24)).mul(d)
                            .intoArray(a,
                                    2 * i * ROWS + to);
                    toFloat(s.lanewise(VectorOperators.ASHR, 24)).mul(d).intoArray(a, (2 * i + 1) * ROWS + to);
                }
            }
        }
    }

    private static IntVector words(MemorySegment w, long at) {
        return ShortVector.fromMemorySegment(Lanes.SHORTS, w, at, Lanes.ORDER).reinterpretAsInts();
    }

    private static FloatVector floats(MemorySegment w, long at) {
        return FloatVector.fromMemorySegment(Lanes.FLOATS, w, at, Lanes.ORDER);
    }

    private static FloatVector toFloat(IntVector v) {
        return (FloatVector) v.convert(VectorOperators.I2F, 0);
    }
}
