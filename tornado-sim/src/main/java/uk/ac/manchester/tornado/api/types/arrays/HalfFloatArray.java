package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.vectors.Half2;

/** 16-bit floats outside the heap. */
public final class HalfFloatArray extends TornadoNativeArray {
    private static final ValueLayout.OfShort LAYOUT = ValueLayout.JAVA_SHORT;

    /** An array of {@code numberOfElements} zeros. */
    public HalfFloatArray(int numberOfElements) {
        super(numberOfElements, LAYOUT.byteSize());
    }

    /** The given arrays, one after the other. */
    public HalfFloatArray(HalfFloatArray... arrays) {
        super(arrays, LAYOUT.byteSize());
    }

    private HalfFloatArray(MemorySegment withHeader) {
        super(withHeader, LAYOUT.byteSize());
    }

    /** A copy of {@code values}. */
    public static HalfFloatArray fromArray(HalfFloat[] values) {
        var array = new HalfFloatArray(values.length);
        for (int i = 0; i < values.length; i++) {
            array.set(i, values[i]);
        }
        return array;
    }

    /** A copy of {@code values}. */
    public static HalfFloatArray fromElements(HalfFloat... values) {
        return fromArray(values);
    }

    /** A copy of {@code segment}, which holds elements and no header. */
    public static HalfFloatArray fromSegment(MemorySegment segment) {
        var array = new HalfFloatArray(elementsIn(segment.byteSize(), LAYOUT.byteSize()));
        array.data.copyFrom(segment);
        return array;
    }

    /** {@code segment} itself, whose first {@link #ARRAY_HEADER} bytes are the header. */
    public static HalfFloatArray fromSegmentShallow(MemorySegment segment) {
        return new HalfFloatArray(segment);
    }

    /** Sets every element of {@code array}. */
    public static void initialize(HalfFloatArray array, HalfFloat value) {
        array.init(value);
    }

    /** A new array that holds the given ones, one after the other. */
    public static HalfFloatArray concat(HalfFloatArray... arrays) {
        return new HalfFloatArray(arrays);
    }

    /** A copy as a Java array. */
    public HalfFloat[] toHeapArray() {
        var values = new HalfFloat[size];
        for (int i = 0; i < size; i++) {
            values[i] = get(i);
        }
        return values;
    }

    /** A copy of the elements' bits. */
    public short[] toShortArray() {
        return data.toArray(LAYOUT);
    }

    /** Sets one element. */
    public void set(int index, HalfFloat value) {
        data.setAtIndex(LAYOUT, index, value.getHalfFloatValue());
    }

    /** One element. */
    public HalfFloat get(int index) {
        return new HalfFloat(data.getAtIndex(LAYOUT, index));
    }

    /** Elements {@code index} and {@code index + 1}. */
    public Half2 getHalf2(int index) {
        return new Half2(get(index), get(index + 1));
    }

    /** Sets elements {@code index} and {@code index + 1}. */
    public void setHalf2(int index, Half2 value) {
        set(index, value.getX());
        set(index + 1, value.getY());
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
    public void init(HalfFloat value) {
        for (int i = 0; i < size; i++) {
            set(i, value);
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
    public HalfFloatArray slice(int offset, int length) {
        return fromSegment(part(offset, length, LAYOUT.byteSize()));
    }
}
