package dev.kvasir.model.config;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed values from a model file's metadata. A missing key or a wrong type gives an error with the key's name.
 */
final class Keys {
    private final String source;
    private final Function<String, @Nullable Object> lookup;

    Keys(String source, Function<String, @Nullable Object> lookup) {
        this.source = source;
        this.lookup = lookup;
    }

    boolean has(String key) {
        return lookup.apply(key) != null;
    }

    String string(String key) {
        Object value = required(key);
        if (value instanceof String string) {
            return string;
        }
        throw wrong(key, value, "a string");
    }

    String string(String key, String ifMissing) {
        return has(key) ? string(key) : ifMissing;
    }

    /** A size, which is a whole number of at least 1. */
    int size(String key) {
        int value = number(key);
        if (value < 1) {
            throw wrong(key, value, "at least 1");
        }
        return value;
    }

    int size(String key, int ifMissing) {
        return has(key) ? size(key) : ifMissing;
    }

    int number(String key, int ifMissing) {
        return has(key) ? number(key) : ifMissing;
    }

    float real(String key) {
        Object value = required(key);
        if (value instanceof Number number && Float.isFinite(number.floatValue())) {
            return number.floatValue();
        }
        throw wrong(key, value, "a finite number");
    }

    float real(String key, float ifMissing) {
        return has(key) ? real(key) : ifMissing;
    }

    ModelException wrong(String key, Object value, String expected) {
        return new ModelException("%s: %s is %s, not %s: convert the model again".formatted(source, key,
                value instanceof String ? "\"" + value + "\"" : value, expected));
    }

    /**
     * A whole number. Some files have one for each layer; Kvasir reads them if all are equal.
     */
    private int number(String key) {
        Object value = required(key);
        return value instanceof List<?> layers ? equal(key, layers) : number(key, value);
    }

    private int equal(String key, List<?> layers) {
        if (layers.isEmpty()) {
            throw new ModelException(
                    "%s: %s is an empty array, not a whole number or one for each layer: convert the model again"
                            .formatted(source, key));
        }
        int first = number(key, layers.getFirst());
        for (int i = 1; i < layers.size(); i++) {
            int other = number(key, layers.get(i));
            if (other != first) {
                throw new ModelException(
                        "%s: %s is %d in layer 0 and %d in layer %d; Kvasir reads only models whose layers are equal: choose another model"
                                .formatted(source, key, first, other, i));
            }
        }
        String blocks = lookup.apply("general.architecture") + ".block_count";
        if (!key.equals(blocks) && has(blocks) && layers.size() != number(blocks)) {
            throw new ModelException(
                    "%s: %s is an array of %d, not one number for each of the %d layers: convert the model again"
                            .formatted(source, key, layers.size(), number(blocks)));
        }
        return first;
    }

    private int number(String key, Object value) {
        if (value instanceof Number number && !(value instanceof Float) && !(value instanceof Double)
                && number.longValue() >= 0 && number.longValue() <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw wrong(key, value instanceof Number || value instanceof String ? value : value.getClass().getSimpleName(),
                "a whole number from 0 to 2147483647");
    }

    private Object required(String key) {
        Object value = lookup.apply(key);
        if (value == null) {
            throw new ModelException("%s: metadata key %s is missing: convert the model again".formatted(source, key));
        }
        return value;
    }
}
