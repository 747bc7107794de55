package dev.kvasir.report.pagemap;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The events of all pages of a run, in the order in which they happened. An event takes 3 to 8 bytes:
 *
 * <pre>{@code
 * one byte    kind, state << 3, and 64 if there is an importance
 * varint      steps since the event before
 * varint      pages since the event before, zigzag: 2n for n >= 0, -2n - 1 for n < 0
 * four bytes  the importance as a float, low byte first
 * }</pre>
 *
 * A varint has seven bits in each byte, the lowest first; 128 marks all bytes but the last.
 */
public final class PageEvents {
    /** The most kinds and the most states that a byte has room for. */
    static final int MOST_WORDS = 8;
    private static final int HAS_IMPORTANCE = 64;

    /** The events of one group of one layer. */
    static final class Stream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int[] counts = new int[MOST_WORDS]; // by kind
        private long step;
        private int page;

        private void add(int kind, int state, long atStep, int atPage, float importance) {
            boolean isJudged = !Float.isNaN(importance);
            bytes.write(kind | (state << 3) | (isJudged ? HAS_IMPORTANCE : 0));
            varint(atStep - step);
            int pages = atPage - page;
            varint(((long) pages << 1) ^ (pages >> 31));
            if (isJudged) {
                int bits = Float.floatToIntBits(importance);
                for (int shift = 0; shift < 32; shift += 8) {
                    bytes.write(bits >>> shift);
                }
            }
            counts[kind]++;
            step = atStep;
            page = atPage;
        }

        private void varint(long number) {
            long rest = number;
            for (; rest >= 128; rest >>>= 7) {
                bytes.write(((int) rest & 127) | 128);
            }
            bytes.write((int) rest);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        long count(int kind) {
            return counts[kind];
        }

        long count() {
            return Arrays.stream(counts).sum();
        }
    }

    private final TreeMap<Integer, TreeMap<Integer, Stream>> streams = new TreeMap<>(); // by layer and group
    private long lastStep;
    private int lastPage = -1;
    private long count;

    /**
     * Adds an event.
     *
     * @param kind index of a kind of {@link PageMapRun}
     * @param state index of a state
     * @param step not below that of the event before of the same layer and group
     * @param importance NaN if there is none
     * @throws IllegalArgumentException if the step is below it
     */
    public void add(int kind, int state, int layer, int group, long step, int page, float importance) {
        Stream stream = streams.computeIfAbsent(layer, key -> new TreeMap<>())
                .computeIfAbsent(group, key -> new Stream());
        if (step < stream.step) {
            throw new IllegalArgumentException("step %d comes after step %d".formatted(step, stream.step));
        }
        stream.add(kind, state, step, page, importance);
        lastStep = Math.max(lastStep, step);
        lastPage = Math.max(lastPage, page);
        count++;
    }

    /** Number of events. */
    public long count() {
        return count;
    }

    /** The largest step; 0 without events. */
    public long lastStep() {
        return lastStep;
    }

    int lastPage() {
        return lastPage;
    }

    /** Layer to group to events. */
    Map<Integer, ? extends Map<Integer, Stream>> streams() {
        return streams;
    }
}
