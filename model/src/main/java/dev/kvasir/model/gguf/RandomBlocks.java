package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.BFloat16;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Makes random weights directly as bytes of their type. The codes are uniformly distributed with one scale, so the
 * weights have mean 0 and a given standard deviation. A billion weights take about a second.
 */
final class RandomBlocks {
    private static final double SQRT_3 = Math.sqrt(3);
    /** The six-bit scale and offset of all sub-blocks of the K types, as packed for Q4_K and Q5_K. */
    private static final int K_SCALE = 32;
    private static final byte[] K_SCALES = {(byte) 0xa0, (byte) 0xa0, (byte) 0xa0, (byte) 0xa0, (byte) 0xa0,
        (byte) 0xa0, (byte) 0xa0, (byte) 0xa0, 0, 0, 0, 0};
    private static final int Q6_K_SCALE = 8;

    private final TensorType type;
    private final double deviation;
    private final SplittableRandom random;

    RandomBlocks(TensorType type, double deviation, long seed) {
        this.type = type;
        this.deviation = deviation;
        this.random = new SplittableRandom(seed);
    }

    /** Fills a segment with a whole number of blocks. */
    void fill(MemorySegment target) {
        for (long at = 0; at < target.byteSize(); at += type.blockBytes()) {
            switch (type) {
                case F32 -> target.set(Cursor.FLOAT, at, (float) (even() * deviation));
                case F16 -> target.set(Cursor.SHORT, at,
                        Float.floatToFloat16((float) (even() * deviation)));
                case BF16 -> target.set(Cursor.SHORT, at,
                        BFloat16.fromFloat((float) (even() * deviation)));
                case Q8_0 -> {
                    half(target, at, signed(deviation / codeDeviation(255)));
                    for (int i = 0; i < 32; i += Long.BYTES) {
                        target.set(Cursor.LONG, at + 2 + i, withoutMinus128(random.nextLong()));
                    }
                }
                case Q4_0, Q5_0 -> {
                    half(target, at, signed(deviation / codeDeviation(codes())));
                    bits(target, at + 2, at + type.blockBytes());
                }
                case Q4_1, Q5_1 -> {
                    double d = deviation / codeDeviation(codes());
                    half(target, at, d);
                    half(target, at + 2, -d * (codes() - 1) / 2);
                    bits(target, at + 4, at + type.blockBytes());
                }
                case Q4_K, Q5_K -> {
                    double d = deviation / codeDeviation(codes()) / K_SCALE;
                    half(target, at, d);
                    half(target, at + 2, d * (codes() - 1) / 2);
                    MemorySegment.copy(K_SCALES, 0, target, ValueLayout.JAVA_BYTE, at + 4, K_SCALES.length);
                    bits(target, at + 16, at + type.blockBytes());
                }
                case Q6_K -> {
                    bits(target, at, at + 192);
                    target.asSlice(at + 192, 16).fill((byte) Q6_K_SCALE);
                    half(target, at + 208, signed(deviation / codeDeviation(codes()) / Q6_K_SCALE));
                }
            }
        }
    }

    /** A uniformly distributed number with mean 0 and standard deviation 1. */
    private double even() {
        return random.nextInt() * (SQRT_3 / (1L << 31));
    }

    private int codes() {
        return switch (type) {
            case Q4_0, Q4_1, Q4_K -> 16;
            case Q5_0, Q5_1, Q5_K -> 32;
            case Q6_K -> 64;
            case F32, F16, BF16, Q8_0 -> throw new IllegalStateException(type.toString());
        };
    }

    /** The standard deviation of {@code codes} consecutive whole numbers with equal probability. */
    private static double codeDeviation(int codes) {
        return Math.sqrt(((double) codes * codes - 1) / 12);
    }

    /** The mean of the codes is half a step below 0. Blocks of either sign cancel that. */
    private double signed(double scale) {
        return random.nextBoolean() ? scale : -scale;
    }

    /** Replaces bytes of -128, which no quantiser makes, by -127. */
    static long withoutMinus128(long bytes) {
        long zeros = bytes ^ 0x8080808080808080L;
        long found = zeros - 0x0101010101010101L & ~zeros & 0x8080808080808080L;
        return bytes | found >>> 7;
    }

    private void bits(MemorySegment target, long from, long to) {
        long at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            target.set(Cursor.LONG, at, random.nextLong());
        }
        for (; at < to; at++) {
            target.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        }
    }

    private static void half(MemorySegment target, long at, double value) {
        target.set(Cursor.SHORT, at, Float.floatToFloat16((float) value));
    }
}
