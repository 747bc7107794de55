package dev.kvasir.kernels.simd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns small squares of weights around, eight bytes in a word at a time. Plain words and not vectors: packing is the first
 * thing that a start does, and vectors are slow until they are compiled.
 */
public final class Transpose {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NIBBLES = 0x0f0f0f0f_0f0f0f0fL;
    private static final long BYTES = 0x00ff00ff_00ff00ffL;
    private static final long SHORTS = 0x0000ffff_0000ffffL;
    private static final long INTS = 0x00000000_ffffffffL;

    private Transpose() {}

    public static short half(byte[] from, int at) {
        return (short) SHORT.get(from, at);
    }

    private static long get(byte[] from, int at) {
        return (long) LONG.get(from, at);
    }

    /**
     * Transposes 8 x 8 bytes: {@code to[toAt + j * toStride + k] = from[at_k + j]}.
     *
     * @param a where row 0 begins, {@code b} row 1, ...
     */
    public static void bytes(byte[] from, int a, int b, int c, int d, int e, int f, int g, int h, byte[] to, int toAt,
            int toStride) {
        long r0 = get(from, a);
        long r1 = get(from, b);
        long r2 = get(from, c);
        long r3 = get(from, d);
        long r4 = get(from, e);
        long r5 = get(from, f);
        long r6 = get(from, g);
        long r7 = get(from, h);
        // neighbouring rows exchange their odd and even bytes, then pairs of rows pairs of bytes, then halves
        long t = (r0 >>> 8 ^ r1) & BYTES;
        r0 ^= t << 8;
        r1 ^= t;
        t = (r2 >>> 8 ^ r3) & BYTES;
        r2 ^= t << 8;
        r3 ^= t;
        t = (r4 >>> 8 ^ r5) & BYTES;
        r4 ^= t << 8;
        r5 ^= t;
        t = (r6 >>> 8 ^ r7) & BYTES;
        r6 ^= t << 8;
        r7 ^= t;
        t = (r0 >>> 16 ^ r2) & SHORTS;
        r0 ^= t << 16;
        r2 ^= t;
        t = (r1 >>> 16 ^ r3) & SHORTS;
        r1 ^= t << 16;
        r3 ^= t;
        t = (r4 >>> 16 ^ r6) & SHORTS;
        r4 ^= t << 16;
        r6 ^= t;
        t = (r5 >>> 16 ^ r7) & SHORTS;
        r5 ^= t << 16;
        r7 ^= t;
        LONG.set(to, toAt, r0 & INTS | r4 << 32);
        LONG.set(to, toAt + toStride, r1 & INTS | r5 << 32);
        LONG.set(to, toAt + 2 * toStride, r2 & INTS | r6 << 32);
        LONG.set(to, toAt + 3 * toStride, r3 & INTS | r7 << 32);
        LONG.set(to, toAt + 4 * toStride, r0 >>> 32 | r4 & ~INTS);
        LONG.set(to, toAt + 5 * toStride, r1 >>> 32 | r5 & ~INTS);
        LONG.set(to, toAt + 6 * toStride, r2 >>> 32 | r6 & ~INTS);
        LONG.set(to, toAt + 7 * toStride, r3 >>> 32 | r7 & ~INTS);
    }

    /**
     * Takes the nibbles at {@code shift} (0 or 4) out of 8 bytes of each of 4 rows, and puts four columns of a row into each
     * short: {@code to[toAt][k]} has columns 0 to 3 of row {@code k}, {@code to[toAt + toStride][k]} columns 4 to 7, the
     * first in the lowest nibble.
     */
    public static void nibbles(byte[] from, int a, int b, int c, int d, int shift, byte[] to, int toAt, int toStride) {
        long r01 = pair(get(from, a) >>> shift) | pair(get(from, b) >>> shift) << 16;
        long r23 = pair(get(from, c) >>> shift) | pair(get(from, d) >>> shift) << 16;
        LONG.set(to, toAt, r01 & INTS | r23 << 32);
        LONG.set(to, toAt + toStride, r01 >>> 32 | r23 & ~INTS);
    }

    // eight nibbles, each the lower half of a byte, to two shorts, each the lower half of an int
    private static long pair(long bytes) {
        long x = bytes & NIBBLES;
        x = (x | x >>> 4) & BYTES;
        return (x | x >>> 8) & SHORTS;
    }
}
