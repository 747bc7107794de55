package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;

/** 32-bit integers outside the heap. */
public final class IntArray extends TornadoNativeArray {
    private static final ValueLayout.OfInt LAYOUT = ValueLayout.JAVA_INT;

    /** An array of {@code numberOfElements} zeros. */
    public IntArray(int numberOfElements) {
        super(numberOfElements, LAYOUT.byteSize());
    }

    /** The given arrays, one after the other. */
    public IntArray(IntArray... arrays) {
        super(arrays, LAYOUT.byteSize());
    }

    private IntArray(MemorySegment withHeader) {
        super(withHeader, LAYOUT.byteSize());
    }

    /** A copy of {@code values}. */
    public static IntArray fromArray(int[] values) {
        var array = new IntArray(values.length);
        MemorySegment.copy(values, 0, array.data, LAYOUT, 0, values.length);
        return array;
    }

    /** A copy of {@code values}. */
    public static IntArray fromElements(int... values) {
        return fromArray(values);
    }

    /** A copy of {@code segment}, which holds elements and no header. */
    public static IntArray fromSegment(MemorySegment segment) {
        var array = new IntArray(elementsIn(segment.byteSize(), LAYOUT.byteSize()));
        array.data.copyFrom(segment);
        return array;
    }

    /** {@code segment} itself, whose first {@link #ARRAY_HEADER} bytes are the header. */
    public static IntArray fromSegmentShallow(MemorySegment segment) {
        return new IntArray(segment);
    }

    /** A copy of what remains in {@code buffer}. */
    public static IntArray fromIntBuffer(IntBuffer buffer) {
        return fromSegment(MemorySegment.ofBuffer(buffer));
    }

    /** Sets every element of {@code array}. */
    public static void initialize(IntArray array, int value) {
        array.init(value);
    }

    /** A new array that holds the given ones, one after the other. */
    public static IntArray concat(IntArray... arrays) {
        return new IntArray(arrays);
    }

    /** A copy as a Java array. */
    public int[] toHeapArray() {
        return data.toArray(LAYOUT);
    }

    /** Sets one element. */
    public void set(int index, int value) {
        data.setAtIndex(LAYOUT, index, value);
    }

    /** One element. */
    public int get(int index) {
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
    public void init(int value) {
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
    public IntArray slice(int offset, int length) {
        return fromSegment(part(offset, length, LAYOUT.byteSize()));
    }
}
