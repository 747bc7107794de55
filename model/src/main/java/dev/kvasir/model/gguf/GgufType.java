package dev.kvasir.model.gguf;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The types of metadata values. The ordinal is the number of the type in a file. */
public enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final GgufType[] TYPES = values();

    private final int minBytes;

    GgufType(int minBytes) {
        this.minBytes = minBytes;
    }

    /** The type with a number from a file; null if there is none. */
    static @Nullable GgufType of(int id) {
        return id >= 0 && id < TYPES.length ? TYPES[id] : null;
    }

    /** The size of a number in bytes; for strings and arrays the bytes before the contents. */
    int minBytes() {
        return minBytes;
    }

    /** Whether values are whole numbers. */
    public boolean isWhole() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
        };
    }

    /** Whether values are floating-point numbers. */
    public boolean isReal() {
        return this == FLOAT32 || this == FLOAT64;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
