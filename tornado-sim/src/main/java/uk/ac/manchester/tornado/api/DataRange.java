package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A range of elements of an array, for a copy to the host. */
public class DataRange {
    private final TornadoNativeArray array;
    private long offset;
    private long size;
    private long offsetBytes;
    private long sizeBytes;
    private boolean materialized;

    /** All of {@code array}. */
    public DataRange(TornadoNativeArray array) {
        this.array = array;
    }

    /** Sets the first element of the range. */
    public DataRange withOffset(long offset) {
        this.offset = offset;
        return this;
    }

    /** Sets the number of elements of the range. */
    public DataRange withSize(long size) {
        this.size = size;
        return this;
    }

    /** Bytes before the range, header included. */
    public long getOffset() {
        return materialized(offsetBytes);
    }

    /** Bytes of the range. */
    public long getPartialSize() {
        return materialized(sizeBytes);
    }

    private long materialized(long bytes) {
        if (!materialized) {
            throw new TornadoRuntimeException("a range has bytes only after materialize()");
        }
        return bytes;
    }

    /** Computes the bytes. A range without a size is as long as the array. */
    public void materialize() {
        long elementBytes = array.getElementSize();
        long ofArray = array.getNumBytesOfSegment();
        offsetBytes = TornadoNativeArray.ARRAY_HEADER + offset * elementBytes;
        sizeBytes = size == 0 ? ofArray : size * elementBytes;
        if (offset < 0 || offset * elementBytes + sizeBytes > ofArray) {
            throw new TornadoRuntimeException("a range of " + sizeBytes / elementBytes + " elements from " + offset
                    + " exceeds an array of " + array.getSize() + ": pass the number of elements to withSize");
        }
        materialized = true;
    }

    /** The array. */
    public TornadoNativeArray getArray() {
        return array;
    }
}
