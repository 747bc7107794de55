package dev.kvasir.kvcache.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Gives back the values that a {@link StateWriter} has taken, in the same order. Each method throws a
 * {@link StateException} if the state does not have such a value next, which means that other code has written it.
 */
public final class StateReader {
    private final String section;
    private final ByteBuffer bytes;

    StateReader(String section, ByteBuffer bytes) {
        this.section = section;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Passes values on without a file. */
    public static void copy(Consumer<StateWriter> from, Consumer<StateReader> to) {
        var writer = new StateWriter();
        from.accept(writer);
        var reader = new StateReader("copy", writer.written());
        to.accept(reader);
        reader.end();
    }

    public int readInt() {
        try {
            return bytes.getInt();
        } catch (BufferUnderflowException e) {
            throw new StateException("its section '%s' is too short".formatted(section), e);
        }
    }

    /** Reads a number that must be from {@code least} to {@code most}. */
    public int readInt(int least, int most) {
        int value = readInt();
        if (value < least || value > most) {
            throw new StateException("its section '%s' has the number %d where %d to %d are possible"
                    .formatted(section, value, least, most));
        }
        return value;
    }

    public long readLong() {
        try {
            return bytes.getLong();
        } catch (BufferUnderflowException e) {
            throw new StateException("its section '%s' is too short".formatted(section), e);
        }
    }

    public String readText() {
        byte[] encoded = new byte[count(1)];
        bytes.get(encoded);
        return new String(encoded, StandardCharsets.UTF_8);
    }

    /** All numbers of an array, however many were written. */
    public int[] readInts() {
        int[] values = new int[count(Integer.BYTES)];
        bytes.asIntBuffer().get(values);
        skip(values.length * Integer.BYTES);
        return values;
    }

    /**
     * Reads numbers into the first places of an array.
     *
     * @return how many
     */
    public int readInts(int[] values) {
        int count = count(Integer.BYTES, values.length);
        bytes.asIntBuffer().get(values, 0, count);
        skip(count * Integer.BYTES);
        return count;
    }

    /** As {@link #readInts(int[])}. */
    public int readLongs(long[] values) {
        int count = count(Long.BYTES, values.length);
        bytes.asLongBuffer().get(values, 0, count);
        skip(count * Long.BYTES);
        return count;
    }

    /** As {@link #readInts(int[])}. */
    public int readFloats(float[] values) {
        int count = count(Float.BYTES, values.length);
        bytes.asFloatBuffer().get(values, 0, count);
        skip(count * Float.BYTES);
        return count;
    }

    /** As {@link #readInts(int[])}. */
    public int readDoubles(double[] values) {
        int count = count(Double.BYTES, values.length);
        bytes.asDoubleBuffer().get(values, 0, count);
        skip(count * Double.BYTES);
        return count;
    }

    /** Leaves out all values that are left. */
    public void skip() {
        bytes.position(bytes.limit());
    }

    /** @throws StateException if values are left */
    void end() {
        if (bytes.hasRemaining()) {
            throw new StateException("its section '%s' has %d bytes too many".formatted(section, bytes.remaining()));
        }
    }

    private int count(int size) {
        return count(size, Integer.MAX_VALUE);
    }

    private int count(int size, int most) {
        return readInt(0, Math.min(most, Math.max(0, bytes.remaining() - Integer.BYTES) / size));
    }

    private void skip(int count) {
        bytes.position(bytes.position() + count);
    }
}
