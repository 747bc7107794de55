package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** Bytes outside the heap. */
public final class ByteArray extends TornadoNativeArray {
    private static final ValueLayout.OfByte LAYOUT = ValueLayout.JAVA_BYTE;

    /** An array of {@code numberOfElements} zeros. */
    public ByteArray(int numberOfElements) {
        super(numberOfElements, LAYOUT.byteSize());
    }

    /** The given arrays, one after the other. */
    public ByteArray(ByteArray... arrays) {
        super(arrays, LAYOUT.byteSize());
    }

    private ByteArray(MemorySegment withHeader) {
        super(withHeader, LAYOUT.byteSize());
    }

    /** A copy of {@code values}. */
    public static ByteArray fromArray(byte[] values) {
        var array = new ByteArray(values.length);
        MemorySegment.copy(values, 0, array.data, LAYOUT, 0, values.length);
        return array;
    }

    /** A copy of {@code values}. */
    public static ByteArray fromElements(byte... values) {
        return fromArray(values);
    }

    /** A copy of {@code segment}, which holds elements and no header. */
    public static ByteArray fromSegment(MemorySegment segment) {
        var array = new ByteArray(elementsIn(segment.byteSize(), LAYOUT.byteSize()));
        array.data.copyFrom(segment);
        return array;
    }

    /** {@code segment} itself, whose first {@link #ARRAY_HEADER} bytes are the header. */
    public static ByteArray fromSegmentShallow(MemorySegment segment) {
        return new ByteArray(segment);
    }

    /** A copy of what remains in {@code buffer}. */
    public static ByteArray fromByteBuffer(ByteBuffer buffer) {
        return fromSegment(MemorySegment.ofBuffer(buffer));
    }

    /** Sets every element of {@code array}. */
    public static void initialize(ByteArray array, byte value) {
        array.init(value);
    }

    /** A new array that holds the given ones, one after the other. */
    public static ByteArray concat(ByteArray... arrays) {
        return new ByteArray(arrays);
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
    public ByteArray slice(int offset, int length) {
        return fromSegment(part(offset, length, LAYOUT.byteSize()));
    }
}
