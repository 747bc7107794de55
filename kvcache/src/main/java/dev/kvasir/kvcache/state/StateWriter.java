package dev.kvasir.kvcache.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Takes the values of a state. A {@link StateReader} gives them back in the same order. */
public final class StateWriter {
    private ByteBuffer bytes = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

    StateWriter() {}

    public void writeInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    public void writeLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    public void writeText(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        writeInt(encoded.length);
        room(encoded.length).put(encoded);
    }

    /** Writes the first {@code count} values, and their number. */
    public void writeInts(int[] values, int count) {
        writeInt(count);
        room((long) count * Integer.BYTES).asIntBuffer().put(values, 0, count);
        skip(count * Integer.BYTES);
    }

    /** Writes the first {@code count} values, and their number. */
    public void writeLongs(long[] values, int count) {
        writeInt(count);
        room((long) count * Long.BYTES).asLongBuffer().put(values, 0, count);
        skip(count * Long.BYTES);
    }

    /** Writes the first {@code count} values, and their number. */
    public void writeFloats(float[] values, int count) {
        writeInt(count);
        room((long) count * Float.BYTES).asFloatBuffer().put(values, 0, count);
        skip(count * Float.BYTES);
    }

    /** Writes the first {@code count} values, and their number. */
    public void writeDoubles(double[] values, int count) {
        writeInt(count);
        room((long) count * Double.BYTES).asDoubleBuffer().put(values, 0, count);
        skip(count * Double.BYTES);
    }

    /** What has been written. */
    ByteBuffer written() {
        return bytes.duplicate().flip();
    }

    private ByteBuffer room(long count) {
        if (bytes.remaining() < count) {
            long wanted = Math.max(2L * bytes.capacity(), bytes.position() + count);
            if (bytes.position() + count > Integer.MAX_VALUE - 8) {
                throw new StateException("the state of one layer has more than 2 GiB, which cannot be saved");
            }
            var larger = ByteBuffer.allocate((int) Math.min(wanted, Integer.MAX_VALUE - 8));
            bytes = larger.order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        return bytes;
    }

    private void skip(int count) {
        bytes.position(bytes.position() + count);
    }
}
