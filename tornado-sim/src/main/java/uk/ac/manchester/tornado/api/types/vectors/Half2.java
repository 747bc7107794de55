package uk.ac.manchester.tornado.api.types.vectors;

import uk.ac.manchester.tornado.api.types.HalfFloat;

/** Two 16-bit floats. On devices with such instructions, one instruction computes both. */
public final class Half2 {
    private HalfFloat x;
    private HalfFloat y;

    /** Two zeros. */
    public Half2() {
        this(new HalfFloat((short) 0), new HalfFloat((short) 0));
    }

    /** {@code (x, y)}. */
    public Half2(HalfFloat x, HalfFloat y) {
        this.x = x;
        this.y = y;
    }

    /** {@code a + b}. */
    public static Half2 add(Half2 a, Half2 b) {
        return new Half2(HalfFloat.add(a.x, b.x), HalfFloat.add(a.y, b.y));
    }

    /** {@code a - b}. */
    public static Half2 sub(Half2 a, Half2 b) {
        return new Half2(HalfFloat.sub(a.x, b.x), HalfFloat.sub(a.y, b.y));
    }

    /** {@code a * b}. */
    public static Half2 mult(Half2 a, Half2 b) {
        return new Half2(HalfFloat.mult(a.x, b.x), HalfFloat.mult(a.y, b.y));
    }

    /** {@code a * b}. */
    public static Half2 mult(Half2 a, HalfFloat b) {
        return new Half2(HalfFloat.mult(a.x, b), HalfFloat.mult(a.y, b));
    }

    /** {@code a * b + c}. */
    public static Half2 fma(Half2 a, Half2 b, Half2 c) {
        return add(mult(a, b), c);
    }

    /** The first of the two. */
    public static float lowFloat(Half2 a) {
        return a.x.getFloat32();
    }

    /** The second of the two. */
    public static float highFloat(Half2 a) {
        return a.y.getFloat32();
    }

    /** {@code (x, y)}, rounded. */
    public static Half2 fromFloats(float x, float y) {
        return new Half2(new HalfFloat(x), new HalfFloat(y));
    }

    /** {@code a.x b.x + a.y b.y}. */
    public static HalfFloat dot(Half2 a, Half2 b) {
        return HalfFloat.add(HalfFloat.mult(a.x, b.x), HalfFloat.mult(a.y, b.y));
    }

    /** The first of the two. */
    public HalfFloat getX() {
        return x;
    }

    /** Sets the first of the two. */
    public void setX(HalfFloat value) {
        x = value;
    }

    /** The second of the two. */
    public HalfFloat getY() {
        return y;
    }

    /** Sets the second of the two. */
    public void setY(HalfFloat value) {
        y = value;
    }
}
