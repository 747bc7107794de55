package dev.kvasir.model.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Encodes values as in a file. */
final class ValueEncoder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static MemorySegment segment(int[] numbers) {
        MemorySegment target = MemorySegment.ofArray(new byte[4 * numbers.length]);
        MemorySegment.copy(numbers, 0, target, Cursor.INT, 0, numbers.length);
        return target;
    }

    static MemorySegment segment(float[] numbers) {
        MemorySegment target = MemorySegment.ofArray(new byte[4 * numbers.length]);
        MemorySegment.copy(numbers, 0, target, Cursor.FLOAT, 0, numbers.length);
        return target;
    }

    int size() {
        return bytes.size();
    }

    MemorySegment toSegment() {
        return MemorySegment.ofArray(bytes.toByteArray());
    }

    void putInt(int value) {
        put(value, Integer.BYTES);
    }

    void putLong(long value) {
        put(value, Long.BYTES);
    }

    void putBytes(byte[] values) {
        bytes.writeBytes(values);
    }

    void putString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        putLong(utf8.length);
        bytes.writeBytes(utf8);
    }

    /** The value without its type. */
    void putValue(GgufValue value) {
        switch (value) {
            case GgufValue.Text text -> putString(text.value());
            case GgufValue.Flag flag -> put(flag.value() ? 1 : 0, 1);
            case GgufValue.Whole whole -> put(whole.value(), whole.type().minBytes());
            case GgufValue.Real real when real.type() == GgufType.FLOAT32 -> putInt(
                    Float.floatToRawIntBits((float) real.value()));
            case GgufValue.Real real -> putLong(Double.doubleToRawLongBits(real.value()));
            case GgufArray array -> {
                putInt(array.elementType().ordinal());
                putLong(array.size());
                bytes.writeBytes(array.data().toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    private void put(long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes.write((int) (value >>> 8 * i));
        }
    }
}
