package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 32 elements with one scale {@code d} (and, in the {@code _1} types, one offset {@code m}), both binary16:
 *
 * <pre>
 * Q8_0  d, int8 q[32]                       d q
 * Q4_0  d, nibbles q[32]                    d (q - 8)
 * Q4_1  d, m, nibbles q[32]                 d q + m
 * Q5_0  d, fifth bits h[32], nibbles q[32]  d (q + 16 h - 16)
 * Q5_1  d, m, fifth bits h, nibbles q       d (q + 16 h) + m
 * </pre>
 *
 * Nibbles: byte {@code i} holds element {@code i} below and element {@code i + 16} above.
 */
abstract sealed class Block32Codec extends TensorCodec {
    static final Block32Codec Q8_0 = new Q8();
    static final Block32Codec Q4_0 = new Q4(TensorType.Q4_0);
    static final Block32Codec Q4_1 = new Q4(TensorType.Q4_1);
    static final Block32Codec Q5_0 = new Q5(TensorType.Q5_0);
    static final Block32Codec Q5_1 = new Q5(TensorType.Q5_1);

    private static final int ELEMENTS = 32;

    private Block32Codec(TensorType type) {
        super(type);
    }

    private static final class Q8 extends Block32Codec {
        Q8() {
            super(TensorType.Q8_0);
        }

        @Override
        void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
            float d = half(source, offset);
            for (int i = 0; i < ELEMENTS; i++) {
                target[targetOffset + i] = d * source.get(ValueLayout.JAVA_BYTE, offset + 2 + i);
            }
        }

        @Override
        void encodeBlock(float[] source, int sourceOffset, MemorySegment target, long offset) {
            float largest = 0;
            for (int i = 0; i < ELEMENTS; i++) {
                largest = Math.max(largest, Math.abs(source[sourceOffset + i]));
            }
            float d = largest / 127;
            float inverse = d == 0 ? 0 : 1 / d;
            target.set(SHORT, offset, Float.floatToFloat16(d));
            for (int i = 0; i < ELEMENTS; i++) {
                target.set(ValueLayout.JAVA_BYTE, offset + 2 + i,
                        roundAwayFromZero(source[sourceOffset + i] * inverse));
            }
        }

        private static byte roundAwayFromZero(float x) {
            return (byte) Math.copySign(Math.floor(Math.abs((double) x) + 0.5), x);
        }
    }

    private static final class Q4 extends Block32Codec {
        Q4(TensorType type) {
            super(type);
        }

        @Override
        void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
            boolean hasOffset = type() == TensorType.Q4_1;
            float d = half(source, offset);
            float m = hasOffset ? half(source, offset + 2) : -8 * d;
            long nibbles = offset + (hasOffset ? 4 : 2);
            for (int i = 0; i < ELEMENTS / 2; i++) {
                int q = unsignedByte(source, nibbles + i);
                target[targetOffset + i] = d * (q & 15) + m;
                target[targetOffset + i + 16] = d * (q >>> 4) + m;
            }
        }

        /** The value of largest magnitude becomes -8, so that the one code without a mirror image is used. */
        @Override
        void encodeBlock(float[] source, int sourceOffset, MemorySegment target, long offset) {
            if (type() != TensorType.Q4_0) {
                super.encodeBlock(source, sourceOffset, target, offset);
                return;
            }
            float extreme = 0;
            for (int i = 0; i < ELEMENTS; i++) {
                float x = source[sourceOffset + i];
                if (Math.abs(x) > Math.abs(extreme)) {
                    extreme = x;
                }
            }
            float d = extreme / -8;
            float inverse = d == 0 ? 0 : 1 / d;
            target.set(SHORT, offset, Float.floatToFloat16(d));
            for (int i = 0; i < ELEMENTS / 2; i++) {
                int low = nibble(source[sourceOffset + i] * inverse);
                int high = nibble(source[sourceOffset + i + 16] * inverse);
                target.set(ValueLayout.JAVA_BYTE, offset + 2 + i, (byte) (low | high << 4));
            }
        }

        private static int nibble(float x) {
            return Math.min(15, (int) (x + 8.5f));
        }
    }

    private static final class Q5 extends Block32Codec {
        Q5(TensorType type) {
            super(type);
        }

        @Override
        void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
            boolean hasOffset = type() == TensorType.Q5_1;
            float d = half(source, offset);
            float m = hasOffset ? half(source, offset + 2) : -16 * d;
            long fifth = offset + (hasOffset ? 4 : 2);
            int bits = source.get(INT, fifth);
            for (int i = 0; i < ELEMENTS / 2; i++) {
                int q = unsignedByte(source, fifth + 4 + i);
                target[targetOffset + i] = d * (q & 15 | (bits >>> i & 1) << 4) + m;
                target[targetOffset + i + 16] = d * (q >>> 4 | (bits >>> i + 16 & 1) << 4) + m;
            }
        }
    }
}
