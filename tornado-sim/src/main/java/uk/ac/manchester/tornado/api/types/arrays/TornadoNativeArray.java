package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An array outside the heap: a header of {@link #ARRAY_HEADER} bytes, whose first four hold the number of elements, and
 * the elements. The memory is freed with the array.
 */
public abstract class TornadoNativeArray {
    /**
     * Bytes before the first element. Not a compile-time constant, because an SDK may be started with another value.
     */
    public static final long ARRAY_HEADER = Long.getLong("tornado.panama.objectHeader", 16L);

    private static final long ALIGNMENT = 64;

    final MemorySegment withHeader;
    final MemorySegment data;
    final int size;

    /** The data of the simulator's checks on this array while a kernel uses it. */
    Object companion;

    TornadoNativeArray(int elements, long elementBytes) {
        // Elements, not the header, start on a cache line.
        MemorySegment padded = Arena.ofAuto().allocate(ALIGNMENT + elements * elementBytes, ALIGNMENT);
        withHeader = padded.asSlice(ALIGNMENT - ARRAY_HEADER);
        data = withHeader.asSlice(ARRAY_HEADER);
        size = elements;
        writeHeader();
    }

    TornadoNativeArray(TornadoNativeArray[] parts, long elementBytes) {
        this(elementsOf(parts), elementBytes);
        long at = 0;
        for (TornadoNativeArray part : parts) {
            MemorySegment.copy(part.data, 0, data, at, part.data.byteSize());
            at += part.data.byteSize();
        }
    }

    TornadoNativeArray(MemorySegment withHeader, long elementBytes) {
        this.withHeader = withHeader;
        data = withHeader.asSlice(ARRAY_HEADER);
        size = elementsIn(data.byteSize(), elementBytes);
        writeHeader();
    }

    private void writeHeader() {
        withHeader.set(ValueLayout.JAVA_INT_UNALIGNED, 0, size);
    }

    private static int elementsOf(TornadoNativeArray[] parts) {
        int elements = 0;
        for (TornadoNativeArray part : parts) {
            elements = Math.addExact(elements, part.size);
        }
        return elements;
    }

    static int elementsIn(long bytes, long elementBytes) {
        if (bytes % elementBytes != 0) {
            throw new IllegalArgumentException(
                    bytes + " bytes are not a whole number of elements of " + elementBytes + " bytes");
        }
        return Math.toIntExact(bytes / elementBytes);
    }

    final MemorySegment part(int offset, int length, long elementBytes) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IllegalArgumentException("elements " + offset + " to " + (offset + length) + " of " + size);
        }
        return data.asSlice(offset * elementBytes, length * elementBytes);
    }

    /** Elements. */
    public abstract int getSize();

    /** The elements without the header. */
    public abstract MemorySegment getSegment();

    /** The header and the elements. */
    public abstract MemorySegment getSegmentWithHeader();

    /** Bytes of header and elements. */
    public abstract long getNumBytesOfSegmentWithHeader();

    /** Bytes of the elements. */
    public abstract long getNumBytesOfSegment();

    /** Bytes of one element. */
    public abstract int getElementSize();
}
