package dev.kvasir.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes of a GGUF file: magic, version, number of tensors, number of metadata keys. For other files the error
 * names the kind that they seem to be.
 */
record Header(int version, int tensors, int keys) {
    static final int MAGIC = 0x46554747; // "GGUF"
    static final int BYTES = 24;

    /** Length, one character, a type, and a value of one byte. */
    private static final int MIN_KEY_BYTES = 8 + 1 + 4 + 1;
    /** Length, one character, number of dimensions, one dimension, type, offset. */
    private static final int MIN_TENSOR_BYTES = 8 + 1 + 4 + 8 + 4 + 8;

    static Header read(Cursor cursor, MemorySegment bytes) throws GgufException {
        long size = bytes.byteSize();
        if (size == 0) {
            throw new GgufException("%s is empty; download or convert it again".formatted(cursor.file()));
        }
        if (size < Integer.BYTES || bytes.get(Cursor.INT, 0) != MAGIC) {
            throw notGguf(cursor.file(), bytes);
        }
        if (size < BYTES) {
            throw new GgufException("%s is truncated: it has %d bytes, a GGUF header alone has %d; download it again"
                    .formatted(cursor.file(), size, BYTES));
        }
        cursor.readInt("the magic");
        int version = cursor.readInt("the version");
        if (version != 2 && version != 3) {
            throw unsupported(cursor.file(), version);
        }
        int tensors = cursor.readCount(MIN_TENSOR_BYTES, "the number of tensors");
        int keys = cursor.readCount(MIN_KEY_BYTES, "the number of metadata keys");
        return new Header(version, tensors, keys);
    }

    private static GgufException unsupported(String file, int version) {
        int swapped = Integer.reverseBytes(version);
        if (swapped >= 1 && swapped <= 0xffff) {
            return new GgufException(
                    "%s is a big-endian GGUF file of version %d, but Kvasir reads little-endian ones; convert it with gguf_convert_endian.py"
                            .formatted(file, swapped));
        }
        return new GgufException("%s is a GGUF file of version %s, but Kvasir reads versions 2 and 3; %s".formatted(
                file,
                Integer.toUnsignedString(version),
                version == 1 ? "convert the model again with a newer converter" : "choose a file of version 3"));
    }

    private static GgufException notGguf(String file, MemorySegment bytes) {
        byte[] head = bytes.asSlice(0, Math.min(bytes.byteSize(), 16)).toArray(ValueLayout.JAVA_BYTE);
        return new GgufException("%s is not a GGUF file: it begins with %s, not \"GGUF\"; %s".formatted(file,
                shown(head, Math.min(head.length, 4)), advice(bytes, new String(head, StandardCharsets.ISO_8859_1))));
    }

    private static String advice(MemorySegment bytes, String head) {
        if (head.startsWith("PK\3\4")) {
            return "it looks like a zip archive or a PyTorch checkpoint: convert it with convert_hf_to_gguf.py";
        }
        if (head.length() > 8 && head.charAt(8) == '{' && bytes.get(Cursor.LONG, 0) > 0
                && bytes.get(Cursor.LONG, 0) <= bytes.byteSize() - 8) {
            return "it looks like a safetensors file: convert it with convert_hf_to_gguf.py";
        }
        if (head.startsWith("lmgg") || head.startsWith("tjgg") || head.startsWith("fmgg")) {
            return "it is a GGML file from before GGUF: convert the model again";
        }
        if (head.startsWith("version https://")) {
            return "it is a Git LFS pointer: fetch the file itself with git lfs pull";
        }
        if (head.startsWith("<")) {
            return "it looks like a web page: download the file itself";
        }
        if (isLlama2c(bytes)) {
            return "it looks like a llama2.c checkpoint: convert it with llama-convert-llama2c-to-ggml";
        }
        return "choose a model in the GGUF format";
    }

    /** Seven sizes and then weights: width, feed-forward, layers, heads, KV heads, vocabulary (negative if untied), context. */
    private static boolean isLlama2c(MemorySegment bytes) {
        if (bytes.byteSize() < 28) {
            return false;
        }
        long width = bytes.get(Cursor.INT, 0);
        long heads = bytes.get(Cursor.INT, 12);
        long kvHeads = bytes.get(Cursor.INT, 16);
        long vocabulary = Math.abs((long) bytes.get(Cursor.INT, 20));
        for (int i = 0; i < 7; i++) {
            int size = bytes.get(Cursor.INT, 4L * i);
            if (i != 5 && (size <= 0 || size > 1 << 20)) {
                return false;
            }
        }
        return vocabulary > 0 && vocabulary < 1 << 22 && width % heads == 0 && heads % kvHeads == 0
                && bytes.byteSize() > vocabulary * width * 4;
    }

    private static String shown(byte[] head, int length) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            if (head[i] >= ' ' && head[i] < 127 && head[i] != '"' && head[i] != '\\') {
                text.append((char) head[i]);
            } else {
                text.append("\\x%02x".formatted(head[i]));
            }
        }
        return text.append('"').toString();
    }
}
