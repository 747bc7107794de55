package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;

/** 32-bit floats outside the heap. */
public final class FloatArray extends TornadoNativeArray {
    private static final ValueLayout.OfFloat LAYOUT = ValueLayout.JAVA_FLOAT;

    /** An array of {@code numberOfElements} zeros. */
    public FloatArray(int numberOfElements) {
        super(numberOfElements, LAYOUT.byteSize());
    }

    /** The given arrays, one after the other. */
    public FloatArray(FloatArray... arrays) {
        super(arrays, LAYOUT.byteSize());
    }

    private FloatArray(MemorySegment withHeader) {
        super(withHeader, LAYOUT.byteSize());
    }

    /** A copy of {@code values}. */
    public static FloatArray fromArray(float[] values) {
        var array = new FloatArray(values.length);
        MemorySegment.copy(values, 0, array.data, LAYOUT, 0, values.length);
        return array;
    }

    /** A copy of {@code values}. */
    public static FloatArray fromElements(float... values) {
        return fromArray(values);
    }

    /** A copy of {@code segment}, which holds elements and no header. */
    public static FloatArray fromSegment(MemorySegment segment) {
        var array = new FloatArray(elementsIn(segment.byteSize(), LAYOUT.byteSize()));
        array.data.copyFrom(segment);
        return array;
    }

    /** {@code segment} itself, whose first {@link #ARRAY_HEADER} bytes are the header. */
    public static FloatArray fromSegmentShallow(MemorySegment segment) {
        return new FloatArray(segment);
    }

    /** A copy of what remains in {@code buffer}. */
    public static FloatArray fromFloatBuffer(FloatBuffer buffer) {
        return fromSegment(MemorySegment.ofBuffer(buffer));
    }

    /** Sets every element of {@code array}. */
    public static void initialize(FloatArray array, float value) {
        array.init(value);
    }

    /** A new array that holds the given ones, one after the other. */
    public static FloatArray concat(FloatArray... arrays) {
        return new FloatArray(arrays);
    }

    /** A copy as a Java array. */
    public float[] toHeapArray() {
        return data.toArray(LAYOUT);
    }

    /** Sets one element. */
    public void set(int index, float value) {
        data.setAtIndex(LAYOUT, index, value);
    }

    /** One element. */
    public float get(int index) {
        return data.getAtIndex(LAYOUT, index);
    }

    /** Sets every element to zero. */
    public void clear() {
        data.fill((byte) 0);
    }

    @Override
    public int getElementSize() {
        return (int) LAYOUT.byteSize();
    }

    /** Sets every element. */
    public void init(float value) {
        for (int i = 0; i < size; i++) {
            data.setAtIndex(LAYOUT, i, value);
        }
    }

    @Override
    public int getSize() {
        return size;
    }

    @Override
    public MemorySegment getSegment() {
        return data;
    }

    @Override
    public MemorySegment getSegmentWithHeader() {
        return withHeader;
    }

    @Override
    public long getNumBytesOfSegmentWithHeader() {
        return withHeader.byteSize();
    }

    @Override
    public long getNumBytesOfSegment() {
        return data.byteSize();
    }

    /** A copy of {@code length} elements from {@code offset}. */
    public FloatArray slice(int offset, int length) {
        return fromSegment(part(offset, length, LAYOUT.byteSize()));
    }
}
