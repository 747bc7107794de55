package dev.kvasir.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * An array of metadata values that keeps the bytes of its file. A vocabulary of 100,000 strings costs 4 bytes of heap
 * per string until its elements are decoded. An array from a file is valid until its {@link GgufFile} is closed.
 */
public final class GgufArray extends AbstractList<GgufValue> implements GgufValue, RandomAccess {
    private final GgufType elementType;
    private final int size;
    private final MemorySegment data; // the elements as stored in a file
    private final int[] starts; // strings: position of each one's length; otherwise empty
    private final List<GgufArray> arrays; // arrays: the elements; otherwise empty

    private GgufArray(GgufType elementType, int size, MemorySegment data, int[] starts, List<GgufArray> arrays) {
        this.elementType = elementType;
        this.size = size;
        this.data = data;
        this.starts = starts;
        this.arrays = arrays;
    }

    static GgufArray ofNumbers(GgufType elementType, int size, MemorySegment data) {
        return new GgufArray(elementType, size, data, new int[0], List.of());
    }

    static GgufArray ofStrings(int[] starts, MemorySegment data) {
        return new GgufArray(GgufType.STRING, starts.length, data, starts, List.of());
    }

    static GgufArray ofArrays(List<GgufArray> arrays, MemorySegment data) {
        return new GgufArray(GgufType.ARRAY, arrays.size(), data, new int[0], arrays);
    }

    /** An array of strings. */
    public static GgufArray ofStrings(List<String> strings) {
        var encoder = new ValueEncoder();
        int[] starts = new int[strings.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = encoder.size();
            encoder.putString(strings.get(i));
        }
        return ofStrings(starts, encoder.toSegment());
    }

    /** An array of {@link GgufType#INT32}. */
    public static GgufArray of(int... numbers) {
        return ofNumbers(GgufType.INT32, numbers.length, ValueEncoder.segment(numbers));
    }

    /** An array of {@link GgufType#FLOAT32}. */
    public static GgufArray of(float... numbers) {
        return ofNumbers(GgufType.FLOAT32, numbers.length, ValueEncoder.segment(numbers));
    }

    /** An array of arrays. */
    public static GgufArray of(GgufArray... arrays) {
        var encoder = new ValueEncoder();
        for (GgufArray array : arrays) {
            encoder.putValue(array);
        }
        return ofArrays(List.of(arrays), encoder.toSegment());
    }

    @Override
    public GgufType type() {
        return GgufType.ARRAY;
    }

    @Override
    public Object plain() {
        return this;
    }

    /** The type of the elements; an empty array may have any. */
    public GgufType elementType() {
        return elementType;
    }

    @Override
    public int size() {
        return size;
    }

    /** The elements as stored in a file. */
    MemorySegment data() {
        return data;
    }

    @Override
    public GgufValue get(int index) {
        return switch (elementType) {
            case STRING -> new Text(string(index));
            case ARRAY -> arrays.get(index);
            case BOOL -> new Flag(whole(index) != 0);
            case FLOAT32, FLOAT64 -> new Real(elementType, real(index));
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> new Whole(elementType, whole(index));
        };
    }

    /**
     * The string at an index.
     *
     * @throws IllegalStateException if the elements are not strings
     */
    public String string(int index) {
        if (elementType != GgufType.STRING) {
            throw new IllegalStateException("an array of %s has no strings".formatted(elementType));
        }
        long start = starts[index];
        byte[] bytes = new byte[(int) data.get(Cursor.LONG, start)];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, start + Long.BYTES, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * The whole number at an index (1 and 0 for truth values).
     *
     * @throws IllegalStateException if the elements are not whole numbers
     */
    public long whole(int index) {
        long at = (long) checked(index) * elementType.minBytes();
        return switch (elementType) {
            case UINT8, BOOL -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, at));
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, at);
            case UINT16 -> Short.toUnsignedLong(data.get(Cursor.SHORT, at));
            case INT16 -> data.get(Cursor.SHORT, at);
            case UINT32 -> Integer.toUnsignedLong(data.get(Cursor.INT, at));
            case INT32 -> data.get(Cursor.INT, at);
            case UINT64, INT64 -> data.get(Cursor.LONG, at);
            case FLOAT32, FLOAT64, STRING, ARRAY -> throw new IllegalStateException(
                    "an array of %s has no whole numbers".formatted(elementType));
        };
    }

    /**
     * The number at an index.
     *
     * @throws IllegalStateException if the elements are not numbers
     */
    public double real(int index) {
        long at = (long) checked(index) * elementType.minBytes();
        return switch (elementType) {
            case FLOAT32 -> Float.intBitsToFloat(data.get(Cursor.INT, at));
            case FLOAT64 -> Double.longBitsToDouble(data.get(Cursor.LONG, at));
            default -> whole(index);
        };
    }

    /** The strings. Each is decoded when it is requested. */
    public List<String> strings() {
        return new Strings();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GgufArray array && array.elementType == elementType && super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    @Override
    public String toString() {
        return "%d x %s".formatted(size, elementType);
    }

    private int checked(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index %d of %d".formatted(index, size));
        }
        return index;
    }

    /** The strings as stored in the file. */
    final class Strings extends AbstractList<String> implements RandomAccess {
        /** A copy of the strings that does not depend on the file. */
        Utf8Strings copy() {
            int[] ends = new int[size];
            for (int i = 0; i + 1 < size; i++) {
                ends[i] = starts[i + 1];
            }
            if (size > 0) {
                ends[size - 1] = Math.toIntExact(data.byteSize());
            }
            return new Utf8Strings(data.toArray(ValueLayout.JAVA_BYTE), ends, Long.BYTES);
        }

        @Override
        public String get(int index) {
            return string(index);
        }

        @Override
        public int size() {
            return size;
        }
    }
}
