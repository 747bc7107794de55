package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** 8-bit integers outside the heap. */
public final class Int8Array extends TornadoNativeArray {
    private static final ValueLayout.OfByte LAYOUT = ValueLayout.JAVA_BYTE;

    /** An array of {@code numberOfElements} zeros. */
    public Int8Array(int numberOfElements) {
        super(numberOfElements, LAYOUT.byteSize());
    }

    /** The given arrays, one after the other. */
    public Int8Array(Int8Array... arrays) {
        super(arrays, LAYOUT.byteSize());
    }

    private Int8Array(MemorySegment withHeader) {
        super(withHeader, LAYOUT.byteSize());
    }

    /** A copy of {@code values}. */
    public static Int8Array fromArray(byte[] values) {
        var array = new Int8Array(values.length);
        MemorySegment.copy(values, 0, array.data, LAYOUT, 0, values.length);
        return array;
    }

    /** A copy of {@code values}. */
    public static Int8Array fromElements(byte... values) {
        return fromArray(values);
    }

    /** A copy of {@code segment}, which holds elements and no header. */
    public static Int8Array fromSegment(MemorySegment segment) {
        var array = new Int8Array(elementsIn(segment.byteSize(), LAYOUT.byteSize()));
        array.data.copyFrom(segment);
        return array;
    }

    /** {@code segment} itself, whose first {@link #ARRAY_HEADER} bytes are the header. */
    public static Int8Array fromSegmentShallow(MemorySegment segment) {
        return new Int8Array(segment);
    }

    /** Sets every element of {@code array}. */
    public static void initialize(Int8Array array, byte value) {
        array.init(value);
    }

    /** A new array that holds the given ones, one after the other. */
    public static Int8Array concat(Int8Array... arrays) {
        return new Int8Array(arrays);
    }

    /** A copy as a Java array. */
    public byte[] toHeapArray() {
        return data.toArray(LAYOUT);
    }

    /** Sets one element. */
    public void set(int index, byte value) {
        data.setAtIndex(LAYOUT, index, value);
    }

    /** One element. */
    public byte get(int index) {
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
    public void init(byte value) {
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
    public Int8Array slice(int offset, int length) {
        return fromSegment(part(offset, length, LAYOUT.byteSize()));
    }
}
