package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Decodes the elements of one {@link TensorType} to floats, scalar and exact: what every packed or vectorised form is
 * compared with. Types that Kvasir can also write have {@link #encode}.
 */
public abstract sealed class TensorCodec permits FloatCodec, HalfCodec, BrainCodec, Block32Codec, SuperBlockCodec {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TensorType type;

    TensorCodec(TensorType type) {
        this.type = type;
    }

    /** The codec of a type. */
    public static TensorCodec of(TensorType type) {
        return switch (type) {
            case F32 -> FloatCodec.INSTANCE;
            case F16 -> HalfCodec.INSTANCE;
            case BF16 -> BrainCodec.INSTANCE;
            case Q8_0 -> Block32Codec.Q8_0;
            case Q4_0 -> Block32Codec.Q4_0;
            case Q4_1 -> Block32Codec.Q4_1;
            case Q5_0 -> Block32Codec.Q5_0;
            case Q5_1 -> Block32Codec.Q5_1;
            case Q4_K -> SuperBlockCodec.Q4_K;
            case Q5_K -> SuperBlockCodec.Q5_K;
            case Q6_K -> SuperBlockCodec.Q6_K;
        };
    }

    /** The type this codec decodes. */
    public TensorType type() {
        return type;
    }

    /**
     * Decodes {@code elements} elements, a whole number of blocks, from byte {@code offset} of {@code source}.
     *
     * @throws IllegalArgumentException if {@code elements} is no whole number of blocks
     * @throws IndexOutOfBoundsException if either side is too small
     */
    public final void decode(MemorySegment source, long offset, float[] target, int targetOffset, int elements) {
        int blocks = blocks(elements);
        for (int b = 0; b < blocks; b++) {
            decodeBlock(source, offset + (long) b * type.blockBytes(), target, targetOffset + b * type.blockElements());
        }
    }

    /**
     * Encodes {@code elements} elements, a whole number of blocks, to byte {@code offset} of {@code target}.
     *
     * @throws UnsupportedOperationException if this type is only read ({@link #canEncode} is false)
     */
    public final void encode(float[] source, int sourceOffset, int elements, MemorySegment target, long offset) {
        int blocks = blocks(elements);
        for (int b = 0; b < blocks; b++) {
            encodeBlock(source, sourceOffset + b * type.blockElements(), target,
                    offset + (long) b * type.blockBytes());
        }
    }

    /** Whether {@link #encode} works: F32, F16, BF16, Q8_0 and Q4_0. */
    public boolean canEncode() {
        return switch (type) {
            case F32, F16, BF16, Q8_0, Q4_0 -> true;
            case Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> false;
        };
    }

    abstract void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset);

    void encodeBlock(float[] source, int sourceOffset, MemorySegment target, long offset) {
        throw new UnsupportedOperationException("%s is read but not written; quantise to Q8_0 or Q4_0".formatted(type));
    }

    private int blocks(int elements) {
        if (elements < 0 || elements % type.blockElements() != 0) {
            throw new IllegalArgumentException("%d elements are not a whole number of %s blocks of %d"
                    .formatted(elements, type, type.blockElements()));
        }
        return elements / type.blockElements();
    }

    static float half(MemorySegment source, long offset) {
        return Float.float16ToFloat(source.get(SHORT, offset));
    }

    static int unsignedByte(MemorySegment source, long offset) {
        return Byte.toUnsignedInt(source.get(ValueLayout.JAVA_BYTE, offset));
    }
}
