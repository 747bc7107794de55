package dev.kvasir.model.gguf;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a GGUF file. If a key is missing, getters with {@code require} throw an exception with its
 * name, and getters with {@code opt} return empty. Both throw if the value has another type.
 */
public final class GgufMetadata {
    private final String file;
    private final Map<String, GgufValue> values;

    GgufMetadata(String file, Map<String, GgufValue> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(values);
    }

    /** All keys and values, in the order of the file. */
    public Map<String, GgufValue> values() {
        return values;
    }

    /** Whether the file has a key. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The value of a key as a {@code String}, {@code Boolean}, {@code Number} or {@link GgufArray}; null if there is none. */
    public @Nullable Object plain(String key) {
        GgufValue value = values.get(key);
        return value == null ? null : value.plain();
    }

    /** A string. */
    public Optional<String> optString(String key) throws GgufException {
        GgufValue value = values.get(key);
        return switch (value) {
            case null -> Optional.empty();
            case GgufValue.Text text -> Optional.of(text.value());
            default -> throw wrong(key, value, "a string");
        };
    }

    /** A string. */
    public String requireString(String key) throws GgufException {
        return required(key, optString(key));
    }

    /** A truth value. */
    public Optional<Boolean> optBool(String key) throws GgufException {
        GgufValue value = values.get(key);
        return switch (value) {
            case null -> Optional.empty();
            case GgufValue.Flag flag -> Optional.of(flag.value());
            default -> throw wrong(key, value, "a truth value");
        };
    }

    /** A whole number that fits an {@code int}. */
    public Optional<Integer> optInt(String key) throws GgufException {
        GgufValue value = values.get(key);
        return switch (value) {
            case null -> Optional.empty();
            case GgufValue.Whole whole when whole.fitsInt() -> Optional.of((int) whole.value());
            default -> throw wrong(key, value, "a whole number of up to 31 bits");
        };
    }

    /** A whole number that fits an {@code int}. */
    public int requireInt(String key) throws GgufException {
        return required(key, optInt(key));
    }

    /** A number, whole or not. */
    public Optional<Float> optFloat(String key) throws GgufException {
        GgufValue value = values.get(key);
        return switch (value) {
            case null -> Optional.empty();
            case GgufValue.Real real -> Optional.of((float) real.value());
            case GgufValue.Whole whole -> Optional.of(((Number) whole.plain()).floatValue());
            default -> throw wrong(key, value, "a number");
        };
    }

    /** A number, whole or not. */
    public float requireFloat(String key) throws GgufException {
        return required(key, optFloat(key));
    }

    /** An array of strings, each decoded when it is requested, valid until the file is closed. */
    public Optional<List<String>> optStrings(String key) throws GgufException {
        Optional<GgufArray> array = optArray(key, "an array of strings");
        if (array.isPresent() && !array.get().isEmpty() && array.get().elementType() != GgufType.STRING) {
            throw wrong(key, array.get(), "an array of strings");
        }
        return array.map(strings -> strings.isEmpty() ? List.of() : strings.strings());
    }

    /** An array of strings, each decoded when it is requested, valid until the file is closed. */
    public List<String> requireStrings(String key) throws GgufException {
        return required(key, optStrings(key));
    }

    /** An array of whole numbers that fit an {@code int}. */
    public Optional<int[]> optInts(String key) throws GgufException {
        Optional<GgufArray> array = optArray(key, "an array of whole numbers");
        if (array.isEmpty()) {
            return Optional.empty();
        }
        GgufArray numbers = array.get();
        if (!numbers.isEmpty() && !numbers.elementType().isWhole()) {
            throw wrong(key, numbers, "an array of whole numbers");
        }
        int[] ints = new int[numbers.size()];
        for (int i = 0; i < ints.length; i++) {
            long number = numbers.whole(i);
            if (!new GgufValue.Whole(numbers.elementType(), number).fitsInt()) {
                throw wrong(key, numbers.get(i), "whole numbers of up to 31 bits (element %d)".formatted(i));
            }
            ints[i] = (int) number;
        }
        return Optional.of(ints);
    }

    /** An array of numbers, whole or not. */
    public Optional<float[]> optFloats(String key) throws GgufException {
        Optional<GgufArray> array = optArray(key, "an array of numbers");
        if (array.isEmpty()) {
            return Optional.empty();
        }
        GgufArray numbers = array.get();
        if (!numbers.isEmpty() && !numbers.elementType().isWhole() && !numbers.elementType().isReal()) {
            throw wrong(key, numbers, "an array of numbers");
        }
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers.real(i);
        }
        return Optional.of(floats);
    }

    private Optional<GgufArray> optArray(String key, String expected) throws GgufException {
        GgufValue value = values.get(key);
        return switch (value) {
            case null -> Optional.empty();
            case GgufArray array -> Optional.of(array);
            default -> throw wrong(key, value, expected);
        };
    }

    private <T> T required(String key, Optional<T> value) throws GgufException {
        if (value.isEmpty()) {
            throw new GgufException("%s: metadata key %s is missing; convert the model again".formatted(file, key));
        }
        return value.get();
    }

    private GgufException wrong(String key, GgufValue value, String expected) {
        String shown = value instanceof GgufValue.Text ? "a string" : "%s (%s)".formatted(value, value.type());
        return new GgufException("%s: metadata key %s is %s, not %s; convert the model again".formatted(file, key,
                shown, expected));
    }
}
