package uk.ac.manchester.tornado.api.types;

/** A 16-bit IEEE float. Arithmetic is done in 32 bits and rounded. */
public class HalfFloat {
    private final short bits;

    /** {@code value} rounded to 16 bits. */
    public HalfFloat(float value) {
        this(Float.floatToFloat16(value));
    }

    /** The float of these bits. */
    public HalfFloat(short bits) {
        this.bits = bits;
    }

    /** {@code a + b}. */
    public static HalfFloat add(HalfFloat a, HalfFloat b) {
        return new HalfFloat(a.getFloat32() + b.getFloat32());
    }

    /** {@code a - b}. */
    public static HalfFloat sub(HalfFloat a, HalfFloat b) {
        return new HalfFloat(a.getFloat32() - b.getFloat32());
    }

    /** {@code a * b}. */
    public static HalfFloat mult(HalfFloat a, HalfFloat b) {
        return new HalfFloat(a.getFloat32() * b.getFloat32());
    }

    /** {@code a / b}. */
    public static HalfFloat div(HalfFloat a, HalfFloat b) {
        return new HalfFloat(a.getFloat32() / b.getFloat32());
    }

    /** The bits. */
    public short getHalfFloatValue() {
        return bits;
    }

    /** The same value in 32 bits. */
    public float getFloat32() {
        return Float.float16ToFloat(bits);
    }

    @Override
    public String toString() {
        return "HalfFloat: " + getFloat32();
    }
}
