package dev.kvasir.model.gguf;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Immutable strings in one array of UTF-8. A string is decoded each time it is requested. A vocabulary of 100,000
 * strings costs its bytes on the heap and 4 more per string, and no time before the first request.
 */
public final class Utf8Strings extends AbstractList<String> implements RandomAccess {
    private final byte[] bytes;
    private final int[] ends;
    private final int before; // bytes before each string

    Utf8Strings(byte[] bytes, int[] ends, int before) {
        this.bytes = bytes;
        this.ends = ends;
        this.before = before;
    }

    /** A copy of the strings of a list. The list's file may be closed afterwards. */
    public static Utf8Strings copyOf(List<String> strings) {
        return switch (strings) {
            case Utf8Strings same -> same;
            case GgufArray.Strings inFile -> inFile.copy();
            default -> encoded(strings);
        };
    }

    private static Utf8Strings encoded(List<String> strings) {
        int[] ends = new int[strings.size()];
        byte[][] parts = new byte[ends.length][];
        int length = 0;
        for (int i = 0; i < ends.length; i++) {
            parts[i] = strings.get(i).getBytes(StandardCharsets.UTF_8);
            length = Math.addExact(length, parts[i].length);
            ends[i] = length;
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < ends.length; i++) {
            System.arraycopy(parts[i], 0, bytes, ends[i] - parts[i].length, parts[i].length);
        }
        return new Utf8Strings(bytes, ends, 0);
    }

    @Override
    public String get(int index) {
        int start = start(index);
        return new String(bytes, start, ends[index] - start, StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
        return ends.length;
    }

    /** The bytes of all strings. Callers must not change them. */
    public byte[] bytes() {
        return bytes;
    }

    /** The start of a string in {@link #bytes}. */
    public int start(int index) {
        Objects.checkIndex(index, ends.length);
        return (index == 0 ? 0 : ends[index - 1]) + before;
    }

    /** The end of a string in {@link #bytes}. */
    public int end(int index) {
        return ends[index];
    }
}
