package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.LongBuffer;

/** 64-bit integers outside the heap. */
public final class LongArray extends TornadoNativeArray {
    private static final ValueLayout.OfLong LAYOUT = ValueLayout.JAVA_LONG;

    /** An array of {@code numberOfElements} zeros. */
    public LongArray(int numberOfElements) {
        super(numberOfElements, LAYOUT.byteSize());
    }

    /** The given arrays, one after the other. */
    public LongArray(LongArray... arrays) {
        super(arrays, LAYOUT.byteSize());
    }

    private LongArray(MemorySegment withHeader) {
        super(withHeader, LAYOUT.byteSize());
    }

    /** A copy of {@code values}. */
    public static LongArray fromArray(long[] values) {
        var array = new LongArray(values.length);
        MemorySegment.copy(values, 0, array.data, LAYOUT, 0, values.length);
        return array;
    }

    /** A copy of {@code values}. */
    public static LongArray fromElements(long... values) {
        return fromArray(values);
    }

    /** A copy of {@code segment}, which holds elements and no header. */
    public static LongArray fromSegment(MemorySegment segment) {
        var array = new LongArray(elementsIn(segment.byteSize(), LAYOUT.byteSize()));
        array.data.copyFrom(segment);
        return array;
    }

    /** {@code segment} itself, whose first {@link #ARRAY_HEADER} bytes are the header. */
    public static LongArray fromSegmentShallow(MemorySegment segment) {
        return new LongArray(segment);
    }

    /** A copy of what remains in {@code buffer}. */
    public static LongArray fromLongBuffer(LongBuffer buffer) {
        return fromSegment(MemorySegment.ofBuffer(buffer));
    }

    /** Sets every element of {@code array}. */
    public static void initialize(LongArray array, long value) {
        array.init(value);
    }

    /** A new array that holds the given ones, one after the other. */
    public static LongArray concat(LongArray... arrays) {
        return new LongArray(arrays);
    }

    /** A copy as a Java array. */
    public long[] toHeapArray() {
        return data.toArray(LAYOUT);
    }

    /** Sets one element. */
    public void set(int index, long value) {
        data.setAtIndex(LAYOUT, index, value);
    }

    /** One element. */
    public long get(int index) {
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
    public void init(long value) {
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
    public LongArray slice(int offset, int length) {
        return fromSegment(part(offset, length, LAYOUT.byteSize()));
    }
}
