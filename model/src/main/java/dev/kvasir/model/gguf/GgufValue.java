package dev.kvasir.model.gguf;

import java.math.BigInteger;

/** A metadata value, with the type it has in its file. */
public sealed interface GgufValue permits GgufValue.Text, GgufValue.Flag, GgufValue.Whole, GgufValue.Real, GgufArray {

    /** The type in the file. */
    GgufType type();

    /** The value as a plain Java object: a {@code String}, {@code Boolean}, {@code Number} or {@link GgufArray}. */
    Object plain();

    /** A string. */
    record Text(String value) implements GgufValue {
        @Override
        public GgufType type() {
            return GgufType.STRING;
        }

        @Override
        public Object plain() {
            return value;
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /** A truth value. */
    record Flag(boolean value) implements GgufValue {
        @Override
        public GgufType type() {
            return GgufType.BOOL;
        }

        @Override
        public Object plain() {
            return value;
        }

        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /**
     * A whole number.
     *
     * @param value the number; for {@link GgufType#UINT64} its bits, which are unsigned
     */
    record Whole(GgufType type, long value) implements GgufValue {
        public Whole {
            if (!fits(type, value)) {
                throw new IllegalArgumentException("%d is not of type %s".formatted(value, type));
            }
        }

        @Override
        public Object plain() {
            return type == GgufType.UINT64 && value < 0 ? new BigInteger(toString()) : value;
        }

        @Override
        public String toString() {
            return type == GgufType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
        }

        /** Whether the number fits an {@code int}. */
        boolean fitsInt() {
            return value == (int) value && (value >= 0 || type != GgufType.UINT64);
        }

        private static boolean fits(GgufType type, long value) {
            return switch (type) {
                case UINT8 -> value == (value & 0xff);
                case INT8 -> value == (byte) value;
                case UINT16 -> value == (value & 0xffff);
                case INT16 -> value == (short) value;
                case UINT32 -> value == (value & 0xffff_ffffL);
                case INT32 -> value == (int) value;
                case UINT64, INT64 -> true;
                case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
            };
        }
    }

    /** A floating-point number. */
    record Real(GgufType type, double value) implements GgufValue {
        public Real {
            if (!type.isReal()) {
                throw new IllegalArgumentException("a number with a fraction is not of type %s".formatted(type));
            }
        }

        @Override
        public Object plain() {
            return type == GgufType.FLOAT32 ? (Number) (float) value : (Number) value;
        }

        @Override
        public String toString() {
            return plain().toString();
        }
    }

    /** A string. */
    static GgufValue of(String value) {
        return new Text(value);
    }

    /** A truth value. */
    static GgufValue of(boolean value) {
        return new Flag(value);
    }

    /** A size or an id as a {@link GgufType#UINT32}, the type of most keys. */
    static GgufValue of(int value) {
        return new Whole(GgufType.UINT32, Integer.toUnsignedLong(value));
    }

    /** A {@link GgufType#FLOAT32}. */
    static GgufValue of(float value) {
        return new Real(GgufType.FLOAT32, value);
    }
}
