package dev.kvasir.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a file from front to back. Every size is first compared with the rest of the file. */
final class Cursor {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * The format allows 65535 bytes. No model has such long names, and this limit keeps messages that quote them
     * readable.
     */
    private static final int MAX_NAME_BYTES = 1024;

    private final String file;
    private final MemorySegment bytes;
    private long position;

    Cursor(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    String file() {
        return file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    int readInt(String what) throws GgufException {
        return bytes.get(INT, take(Integer.BYTES, what));
    }

    long readLong(String what) throws GgufException {
        return bytes.get(LONG, take(Long.BYTES, what));
    }

    /** Reads the number of following items, each of at least {@code minBytes}. */
    int readCount(int minBytes, String what) throws GgufException {
        long count = readLong(what);
        if (count < 0 || count > remaining() / minBytes || count > Integer.MAX_VALUE) {
            throw damaged("%s is %s, but only %d bytes are left".formatted(what, Long.toUnsignedString(count),
                    remaining()));
        }
        return (int) count;
    }

    /** Reads a name or key. It must have printable characters only, because messages quote it. */
    String readName(String what) throws GgufException {
        int length = readCount(1, "the length of " + what);
        if (length == 0 || length > MAX_NAME_BYTES) {
            throw damaged("%s has %d bytes, not 1 to %d".formatted(what, length, MAX_NAME_BYTES));
        }
        String name = text(length, what);
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw damaged("%s has control characters".formatted(what));
        }
        return name;
    }

    String readString(String what) throws GgufException {
        return text(readCount(1, "the length of " + what), what);
    }

    /** Skips a string. */
    void skipString(String what) throws GgufException {
        take(readCount(1, what), what);
    }

    /** Reads bytes without decoding them. */
    MemorySegment readBytes(long count, String what) throws GgufException {
        return bytes.asSlice(take(count, what), count);
    }

    /** The bytes between an earlier position and this one. */
    MemorySegment since(long start) {
        return bytes.asSlice(start, position - start);
    }

    GgufException damaged(String what) {
        return new GgufException("%s is damaged: %s at byte %d of %d; download or convert it again".formatted(file,
                what, position, bytes.byteSize()));
    }

    private String text(int length, String what) throws GgufException {
        byte[] utf8 = new byte[length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, take(length, what), utf8, 0, length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private long take(long count, String what) throws GgufException {
        if (count > remaining()) {
            throw new GgufException(
                    "%s is truncated: it ends after %d bytes, within %s; download or convert it again".formatted(file,
                            bytes.byteSize(), what));
        }
        long start = position;
        position += count;
        return start;
    }
}
