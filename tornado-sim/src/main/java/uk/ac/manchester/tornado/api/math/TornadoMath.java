package uk.ac.manchester.tornado.api.math;

/** Functions that every device supports. */
public class TornadoMath {
    /** The smaller. */
    public static float min(float a, float b) {
        return Math.min(a, b);
    }

    /** The smaller. */
    public static double min(double a, double b) {
        return Math.min(a, b);
    }

    /** The smaller. */
    public static int min(int a, int b) {
        return Math.min(a, b);
    }

    /** The smaller. */
    public static long min(long a, long b) {
        return Math.min(a, b);
    }

    /** The larger. */
    public static float max(float a, float b) {
        return Math.max(a, b);
    }

    /** The larger. */
    public static double max(double a, double b) {
        return Math.max(a, b);
    }

    /** The larger. */
    public static int max(int a, int b) {
        return Math.max(a, b);
    }

    /** The larger. */
    public static long max(long a, long b) {
        return Math.max(a, b);
    }

    /** The magnitude. */
    public static float abs(float a) {
        return Math.abs(a);
    }

    /** The magnitude. */
    public static double abs(double a) {
        return Math.abs(a);
    }

    /** The magnitude. */
    public static int abs(int a) {
        return Math.abs(a);
    }

    /** The magnitude. */
    public static long abs(long a) {
        return Math.abs(a);
    }

    /** {@code value}, or the bound that it is beyond. */
    public static float clamp(float value, float min, float max) {
        return Math.min(Math.max(value, min), max);
    }

    /** {@code value}, or the bound that it is beyond. */
    public static int clamp(int value, int min, int max) {
        return Math.min(Math.max(value, min), max);
    }

    /** The square root. */
    public static float sqrt(float value) {
        return (float) Math.sqrt(value);
    }

    /** The square root. */
    public static double sqrt(double value) {
        return Math.sqrt(value);
    }

    /** e to the power of {@code value}. */
    public static float exp(float value) {
        return (float) Math.exp(value);
    }

    /** e to the power of {@code value}. */
    public static double exp(double value) {
        return Math.exp(value);
    }

    /** {@code a} to the power of {@code b}. */
    public static float pow(float a, float b) {
        return (float) Math.pow(a, b);
    }

    /** {@code a} to the power of {@code b}. */
    public static double pow(double a, double b) {
        return Math.pow(a, b);
    }

    /** The natural logarithm. */
    public static float log(float value) {
        return (float) Math.log(value);
    }

    /** The logarithm to base 2. */
    public static float log2(float value) {
        return (float) (Math.log(value) / Math.log(2));
    }

    /** The largest whole number not above. */
    public static float floor(float value) {
        return (float) Math.floor(value);
    }

    /** The smallest whole number not below. */
    public static float ceil(float value) {
        return (float) Math.ceil(value);
    }

    /** The sine. */
    public static float sin(float angle) {
        return (float) Math.sin(angle);
    }

    /** The sine. */
    public static double sin(double angle) {
        return Math.sin(angle);
    }

    /** The cosine. */
    public static float cos(float angle) {
        return (float) Math.cos(angle);
    }

    /** The cosine. */
    public static double cos(double angle) {
        return Math.cos(angle);
    }

    /** The tangent. */
    public static float tan(float angle) {
        return (float) Math.tan(angle);
    }

    /** The hyperbolic tangent. */
    public static float tanh(float value) {
        return (float) Math.tanh(value);
    }

    /** The angle of a tangent. */
    public static float atan(float value) {
        return (float) Math.atan(value);
    }

    /** The angle of the point {@code (x, y)}. */
    public static float atan2(float y, float x) {
        return (float) Math.atan2(y, x);
    }

    /** -1, 0 or 1. */
    public static float signum(float value) {
        return Math.signum(value);
    }

    /** Pi. */
    public static float floatPI() {
        return (float) Math.PI;
    }
}
