package dev.kvasir.model.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a GGUF file, put together by hand so that they may lie. */
final class RawGguf {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A header that claims these counts. */
    static RawGguf claiming(long tensors, long keys) {
        return new RawGguf().text("GGUF").u32(3).u64(tensors).u64(keys);
    }

    RawGguf text(String ascii) {
        bytes.writeBytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    RawGguf u8(int value) {
        bytes.write(value);
        return this;
    }

    RawGguf u32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        return this;
    }

    RawGguf u64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        return this;
    }

    RawGguf string(String value) {
        return u64(value.length()).text(value);
    }

    /** A key with a {@code uint32}. */
    RawGguf key(String key, int value) {
        return string(key).u32(GgufType.UINT32.ordinal()).u32(value);
    }

    /** The list's entry of a tensor. */
    RawGguf tensor(String name, int type, long offset, long... dims) {
        string(name).u32(dims.length);
        Arrays.stream(dims).forEach(this::u64);
        return u32(type).u64(offset);
    }

    RawGguf zeros(int count) {
        bytes.writeBytes(new byte[count]);
        return this;
    }

    /** Zeros up to a multiple of 32. */
    RawGguf pad() {
        return zeros(-bytes.size() & 31);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
