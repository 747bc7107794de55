package dev.kvasir.kvcache.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Fills pieces of memory with the runs of a section, several at once: one thread alone copies and checks slower than the
 * system reads a file that is in memory.
 */
final class Runs {
    /** Bytes that are read at a time if pieces are smaller; they stay in the cache of a core until they are checked. */
    private static final int TOGETHER = 256 << 10;

    private final Section section;
    private final List<MemorySegment> pieces;
    private final long[] starts; // of each piece in the contents, and the end of the last
    private final long at; // of the contents in the source

    /** Reads what remains of a buffer. */
    @FunctionalInterface
    interface Source {
        void read(ByteBuffer into, long at, String name) throws IOException;
    }

    Runs(Section section, List<MemorySegment> pieces, long at) {
        this.section = section;
        this.pieces = List.copyOf(pieces);
        this.at = at;
        starts = new long[pieces.size() + 1];
        for (int i = 0; i < pieces.size(); i++) {
            starts[i + 1] = starts[i] + pieces.get(i).byteSize();
        }
    }

    /** Reads and checks all runs. */
    void read(Source source) throws IOException {
        var next = new AtomicInteger();
        try {
            int threads = Math.min(section.runs(), ForkJoinPool.getCommonPoolParallelism() + 1);
            IntStream.range(0, threads).parallel().forEach(thread -> {
                for (int run = next.getAndIncrement(); run < section.runs(); run = next.getAndIncrement()) {
                    try {
                        read(source, run);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void read(Source source, int run) throws IOException {
        long first = (long) run * Section.RUN;
        long end = Math.min(first + Section.RUN, section.bytes());
        long offset = at + (long) run * Integer.BYTES; // the checksums of the runs before
        var checksum = new CRC32C();
        ByteBuffer together = ByteBuffer.allocate(0);
        for (long from = first; from < end;) {
            int piece = pieceAt(from);
            if (starts[piece + 1] - from >= Math.min(TOGETHER / 8, end - from)) {
                long to = Math.min(starts[piece + 1], end);
                ByteBuffer into = pieces.get(piece).asSlice(from - starts[piece], to - from).asByteBuffer();
                source.read(into, offset + from, section.name());
                checksum.update(into.flip());
                from = to;
            } else {
                together = together.capacity() == 0 ? ByteBuffer.allocateDirect(TOGETHER) : together;
                together.clear().limit((int) Math.min(TOGETHER, end - from));
                source.read(together, offset + from, section.name());
                checksum.update(together.flip());
                from = spread(MemorySegment.ofBuffer(together.rewind()), from);
            }
        }
        compare(source, offset + end, first, (int) checksum.getValue());
    }

    private int pieceAt(long from) {
        int found = Arrays.binarySearch(starts, from);
        if (found < 0) {
            return -found - 2;
        }
        while (starts[found + 1] == from) { // pieces without bytes
            found++;
        }
        return found;
    }

    /** Copies bytes into the pieces from {@code from} on; returns the place behind. */
    private long spread(MemorySegment bytes, long from) {
        int piece = pieceAt(from);
        for (long done = 0; done < bytes.byteSize(); piece++) {
            long inPiece = from + done - starts[piece];
            long count = Math.min(bytes.byteSize() - done, starts[piece + 1] - starts[piece] - inPiece);
            MemorySegment.copy(bytes, done, pieces.get(piece), inPiece, count);
            done += count;
        }
        return from + bytes.byteSize();
    }

    private void compare(Source source, long end, long first, int checksum) throws IOException {
        ByteBuffer stored = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        source.read(stored, end, section.name());
        if (stored.getInt(0) != checksum) {
            throw new StateException("bytes %d to %d, in its section '%s', have changed since they were written"
                    .formatted(at + first + first / Section.RUN * Integer.BYTES, end + Integer.BYTES - 1,
                            section.name()));
        }
    }
}
