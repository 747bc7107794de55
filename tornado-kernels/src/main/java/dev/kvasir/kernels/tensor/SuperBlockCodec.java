package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The K types: super-blocks of 256 elements whose sub-blocks have small integer scales under one binary16 scale.
 *
 * <pre>
 * Q4_K  d, dmin, 12 bytes of 6-bit scales s[8] and offsets m[8], nibbles[128]               d s q - dmin m
 * Q5_K  d, dmin, the same 12 bytes, fifth bits[32], nibbles[128]                            d s q - dmin m
 * Q6_K  nibbles[128], upper two bits[64], int8 scales s[16] of 16 elements each, d          d s (q - 32)
 * </pre>
 */
abstract sealed class SuperBlockCodec extends TensorCodec {
    static final SuperBlockCodec Q4_K = new Nibbles(TensorType.Q4_K);
    static final SuperBlockCodec Q5_K = new Nibbles(TensorType.Q5_K);
    static final SuperBlockCodec Q6_K = new SixBits();

    private SuperBlockCodec(TensorType type) {
        super(type);
    }

    /**
     * Scale of sub-block {@code j} of Q4_K and Q5_K: the low six bits of byte {@code j}; from 4 on a nibble of byte
     * {@code j + 4} under the top two bits of byte {@code j - 4}.
     *
     * @param scales offset of the 12 bytes
     */
    static int scale(MemorySegment source, long scales, int j) {
        return j < 4
                ? unsignedByte(source, scales + j) & 63
                : unsignedByte(source, scales + j + 4) & 15 | unsignedByte(source, scales + j - 4) >>> 6 << 4;
    }

    /** Offset of sub-block {@code j} of Q4_K and Q5_K, packed as {@link #scale} but four bytes on. */
    static int minimum(MemorySegment source, long scales, int j) {
        return j < 4
                ? unsignedByte(source, scales + j + 4) & 63
                : unsignedByte(source, scales + j + 4) >>> 4 | unsignedByte(source, scales + j) >>> 6 << 4;
    }

    private static final class Nibbles extends SuperBlockCodec {
        Nibbles(TensorType type) {
            super(type);
        }

        @Override
        void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
            boolean five = type() == TensorType.Q5_K;
            float d = half(source, offset);
            float dmin = half(source, offset + 2);
            long scales = offset + 4;
            long fifth = offset + 16;
            long nibbles = five ? fifth + 32 : fifth;
            for (int j = 0; j < 8; j++) {
                float scale = d * scale(source, scales, j);
                float minimum = dmin * minimum(source, scales, j);
                for (int i = 0; i < 32; i++) {
                    int pair = unsignedByte(source, nibbles + j / 2 * 32 + i);
                    int q = j % 2 == 0 ? pair & 15 : pair >>> 4;
                    if (five) {
                        q |= (unsignedByte(source, fifth + i) >>> j & 1) << 4;
                    }
                    target[targetOffset + 32 * j + i] = scale * q - minimum;
                }
            }
        }
    }

    private static final class SixBits extends SuperBlockCodec {
        SixBits() {
            super(TensorType.Q6_K);
        }

        @Override
        void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
            long upper = offset + 128;
            long scales = offset + 192;
            float d = half(source, offset + 208);
            for (int i = 0; i < 256; i++) {
                int half = i / 128; // each half: 64 bytes of nibbles, 32 bytes of upper bits
                int quarter = i % 128 / 32; // which nibble, which two upper bits
                int lane = i % 32;
                int low = unsignedByte(source, offset + 64 * half + 32 * (quarter % 2) + lane);
                int nibble = quarter < 2 ? low & 15 : low >>> 4;
                int top = unsignedByte(source, upper + 32 * half + lane) >>> 2 * quarter & 3;
                float scale = d * source.get(ValueLayout.JAVA_BYTE, scales + i / 16);
                target[targetOffset + i] = scale * ((nibble | top << 4) - 32);
            }
        }
    }
}
