package dev.kvasir.kernels.simd;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width that every kernel of this package uses, chosen once: the widest the machine likes, or what the
 * system property {@code kvasir.vectorBits} (128, 256 or 512) says.
 */
public final class Lanes {

    private static final VectorShape SHAPE = chosenShape();

    public static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
    public static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
    public static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, SHAPE);

    /** As many shorts as {@link #FLOATS} has lanes. */
    public static final VectorSpecies<Short> HALF_SHORTS = VectorSpecies.of(short.class, halfShape());

    /** Bytes that become {@link #FLOATS}, but at least the 8 of the smallest vector: then only the first half does. */
    public static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(Math.max(64, SHAPE.vectorBitSize() / 4)));

    /** The order of bytes in files and in packed weights. */
    public static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final int EXPONENT_REBIAS = (127 - 15) << 23;
    private static final float SMALLEST_NORMAL_HALF_VALUE = 0x1p-14f;

    private static final VectorShuffle<Float> ZIP_LOW = VectorShuffle.makeZip(FLOATS, 0);
    private static final VectorShuffle<Float> ZIP_HIGH = VectorShuffle.makeZip(FLOATS, 1);

    private Lanes() {}

    /** Bits of one vector. */
    public static int bits() {
        return SHAPE.vectorBitSize();
    }

    /**
     * The IEEE half floats in the upper 16 bits of every int as floats, exactly, subnormals included and without
     * subnormal floats on the way, which the processor would handle a hundred times slower. Infinities and NaN become
     * large numbers: no weight is one.
     */
    public static FloatVector halvesToFloats(IntVector h) {
        IntVector magnitude = h.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000);
        VectorMask<Integer> subnormal = magnitude.lt(0x0400 << 13);
        // A subnormal half reads as 2^-14 + m 2^-24 once its exponent is one higher.
        FloatVector value = magnitude.add(EXPONENT_REBIAS).add(1 << 23, subnormal).reinterpretAsFloats();
        value = value.sub(SMALLEST_NORMAL_HALF_VALUE, subnormal.cast(FLOATS));
        return value.reinterpretAsInts().or(h.and(0x8000_0000)).reinterpretAsFloats();
    }

    /** Bfloat16 numbers as floats, exactly. */
    public static FloatVector bfloatToFloat(ShortVector halves) {
        return ((IntVector) halves.convertShape(VectorOperators.S2I, INTS, 0)).lanewise(VectorOperators.LSHL,
                16).reinterpretAsFloats();
    }

    /**
     * The row, of 32 side by side in 16-bit lanes, that lane {@code lane} of their 32-bit results belongs to: vectors of
     * shorts are read as ints, so each gives its even rows first and then its odd rows.
     */
    public static int rowOf(int lane) {
        int shorts = SHORTS.length();
        int ints = INTS.length();
        int at = lane % shorts;
        return lane - at + (at < ints ? 2 * at : 2 * (at - ints) + 1);
    }

    /** The lane that {@link #rowOf} maps to {@code row}. */
    public static int laneOf(int row) {
        int shorts = SHORTS.length();
        int at = row % shorts;
        return row - at + at / 2 + at % 2 * INTS.length();
    }

    /** Copies {@code rows} floats in the order of {@link #rowOf} to {@code to} in the order of their rows. */
    public static void toRows(float[] lanes, int at, float[] to, int toAt, int rows) {
        int n = FLOATS.length();
        int row = 0;
        for (; row + 2 * n <= rows; row += 2 * n) {
            FloatVector even = FloatVector.fromArray(FLOATS, lanes, at + row);
            FloatVector odd = FloatVector.fromArray(FLOATS, lanes, at + row + n);
            even.rearrange(ZIP_LOW, odd).intoArray(to, toAt + row);
            even.rearrange(ZIP_HIGH, odd).intoArray(to, toAt + row + n);
        }
        for (; row < rows; row++) {
            to[toAt + row] = lanes[at + laneOf(row)];
        }
    }

    private static VectorShape chosenShape() {
        String wanted = System.getProperty("kvasir.vectorBits");
        if (wanted == null) {
            return FloatVector.SPECIES_PREFERRED.vectorShape();
        }
        return switch (wanted) {
            case "128" -> VectorShape.S_128_BIT;
            case "256" -> VectorShape.S_256_BIT;
            case "512" -> VectorShape.S_512_BIT;
            default -> throw new IllegalArgumentException(
                    "-Dkvasir.vectorBits=%s: vectors are 128, 256 or 512 bits wide".formatted(wanted));
        };
    }

    private static VectorShape halfShape() {
        return VectorShape.forBitSize(SHAPE.vectorBitSize() / 2);
    }
}
