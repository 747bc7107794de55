package dev.kvasir.model.gguf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Reads the keys and values before the tensors. */
final class MetadataReader {
    /** The deepest nesting of arrays, so that a damaged file cannot overflow the stack. */
    private static final int MAX_DEPTH = 8;

    private final Cursor cursor;

    MetadataReader(Cursor cursor) {
        this.cursor = cursor;
    }

    GgufMetadata read(int keys) throws GgufException {
        var values = new LinkedHashMap<String, GgufValue>();
        for (int i = 0; i < keys; i++) {
            String key = cursor.readName("metadata key " + (i + 1) + " of " + keys);
            GgufValue value = value(type(key), key);
            if (values.putIfAbsent(key, value) != null) {
                throw cursor.damaged("metadata key %s occurs twice".formatted(key));
            }
        }
        return new GgufMetadata(cursor.file(), values);
    }

    private GgufType type(String key) throws GgufException {
        int id = cursor.readInt("the type of " + key);
        GgufType type = GgufType.of(id);
        if (type == null) {
            throw cursor.damaged("%s has a value of type %s, types are 0 to %d".formatted(key,
                    Integer.toUnsignedString(id), GgufType.values().length - 1));
        }
        return type;
    }

    private GgufValue value(GgufType type, String key) throws GgufException {
        return switch (type) {
            case STRING -> new GgufValue.Text(cursor.readString(key));
            case ARRAY -> array(key, 1);
            default -> number(GgufArray.ofNumbers(type, 1, cursor.readBytes(type.minBytes(), key)), key);
        };
    }

    private GgufValue number(GgufArray one, String key) throws GgufException {
        checkFlags(one, key);
        return one.getFirst();
    }

    private GgufArray array(String key, int depth) throws GgufException {
        if (depth > MAX_DEPTH) {
            throw cursor.damaged("%s has arrays nested more than %d deep".formatted(key, MAX_DEPTH));
        }
        GgufType type = type(key);
        int size = cursor.readCount(type.minBytes(), "the number of elements of " + key);
        long start = cursor.position();
        return switch (type) {
            case STRING -> strings(key, size, start);
            case ARRAY -> {
                List<GgufArray> arrays = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    arrays.add(array(key, depth + 1));
                }
                yield GgufArray.ofArrays(List.copyOf(arrays), cursor.since(start));
            }
            default -> {
                GgufArray numbers = GgufArray.ofNumbers(type, size,
                        cursor.readBytes((long) size * type.minBytes(), key));
                checkFlags(numbers, key);
                yield numbers;
            }
        };
    }

    private GgufArray strings(String key, int size, long start) throws GgufException {
        int[] starts = new int[size];
        for (int i = 0; i < size; i++) {
            long at = cursor.position() - start;
            if (at > Integer.MAX_VALUE) {
                throw cursor.damaged("%s has more than %d bytes of strings".formatted(key, Integer.MAX_VALUE));
            }
            starts[i] = (int) at;
            cursor.skipString(key);
        }
        return GgufArray.ofStrings(starts, cursor.since(start));
    }

    private void checkFlags(GgufArray values, String key) throws GgufException {
        if (values.elementType() != GgufType.BOOL) {
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            if (values.whole(i) > 1) {
                throw cursor.damaged("%s has a truth value of %d, not 0 or 1".formatted(key, values.whole(i)));
            }
        }
    }
}
