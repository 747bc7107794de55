package dev.kvasir.sim.run;

import java.util.Arrays;

/**
 * Private arrays. Java fills a new array with zeros, but a device leaves old values in it. To make the difference
 * visible, new arrays are filled with values that no kernel computes.
 */
public final class PrivateMemory {
    static final int INT = 0x7fc0_dead;
    static final long LONG = 0x7fc0_dead_7fc0_deadL;
    static final float FLOAT = Float.intBitsToFloat(INT);
    static final double DOUBLE = Double.longBitsToDouble(0x7ff8_dead_7fc0_deadL);
    static final byte BYTE = 0x5a;

    private PrivateMemory() {}

    /** A new array of floats. */
    public static float[] floats(int size) {
        return (float[]) poisoned(new float[size]);
    }

    /** A new array of ints. */
    public static int[] ints(int size) {
        return (int[]) poisoned(new int[size]);
    }

    /** A new array of longs. */
    public static long[] longs(int size) {
        return (long[]) poisoned(new long[size]);
    }

    /** A new array of doubles. */
    public static double[] doubles(int size) {
        return (double[]) poisoned(new double[size]);
    }

    /** A new array of bytes. */
    public static byte[] bytes(int size) {
        return (byte[]) poisoned(new byte[size]);
    }

    /** Fills a new array with values other than zero. */
    static Object poisoned(Object array) {
        switch (array) {
            case float[] floats -> Arrays.fill(floats, FLOAT);
            case double[] doubles -> Arrays.fill(doubles, DOUBLE);
            case int[] ints -> Arrays.fill(ints, INT);
            case long[] longs -> Arrays.fill(longs, LONG);
            case byte[] bytes -> Arrays.fill(bytes, BYTE);
            default -> {
                // Elements that are objects stay null.
            }
        }
        return array;
    }

    static boolean isUnset(float value) {
        return Float.floatToRawIntBits(value) == INT;
    }

    static boolean isUnset(int value) {
        return value == INT;
    }

    static boolean isUnset(long value) {
        return value == LONG;
    }

    static boolean isUnset(double value) {
        return Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(DOUBLE);
    }
}
