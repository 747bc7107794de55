package dev.kvasir.model.repack;

import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.model.gguf.AtomicFile;
import dev.kvasir.model.repack.RepackHeader.Entry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes packed weights to a file that appears completely or not at all. */
final class RepackWriter {
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(RepackHeader.ALIGNMENT).asReadOnlyBuffer();

    private RepackWriter() {}

    /**
     * Writes a file. Replaces an older one.
     *
     * @throws IOException if it cannot be written; the partial file is then deleted
     */
    static void write(Path path, String key, Map<String, PackedMatrix> matrices, Workers workers,
            AtomicFile.Opener opener) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        long bytes = 0;
        for (var matrix : matrices.entrySet()) {
            MemorySegment contents = matrix.getValue().contents();
            entries.put(matrix.getKey(), new Entry(bytes, contents.byteSize(), checksums(contents, workers),
                    matrix.getValue().scaleUnits()));
            bytes = RepackHeader.aligned(bytes + contents.byteSize());
        }
        checkRoom(path, bytes);
        try (AtomicFile file = AtomicFile.create(path, opener)) {
            file.write(RepackHeader.write(key, bytes, entries));
            writeContents(matrices.values(), file);
            file.commitUnforced();
        }
    }

    /** Writes in units of huge pages. Linux then caches the file in huge pages and later maps it with them. */
    private static void writeContents(Collection<PackedMatrix> matrices, AtomicFile file) throws IOException {
        ByteBuffer page = ByteBuffer.allocateDirect(RepackHeader.HUGE_PAGE);
        for (PackedMatrix matrix : matrices) {
            MemorySegment contents = matrix.contents();
            for (long at = 0; at < contents.byteSize();) {
                int part = (int) Math.min(page.remaining(), contents.byteSize() - at);
                page.put(contents.asSlice(at, part).asByteBuffer());
                at += part;
                flushIfFull(page, file);
            }
            int padding = (int) (RepackHeader.aligned(contents.byteSize()) - contents.byteSize());
            page.put(ZEROS.slice(0, padding)); // a huge page ends at the end of a padding
            flushIfFull(page, file);
        }
        file.write(page.flip());
    }

    private static void flushIfFull(ByteBuffer page, AtomicFile file) throws IOException {
        if (!page.hasRemaining()) {
            file.write(page.flip());
            page.clear();
        }
    }

    private static int[] checksums(MemorySegment contents, Workers workers) {
        int[] checksums = new int[RepackHeader.pieces(contents.byteSize())];
        workers.forEachRange(checksums.length, 1, (worker, from, to) -> {
            for (int i = from; i < to; i++) {
                checksums[i] = RepackHeader.checksum(RepackHeader.piece(contents, i));
            }
        });
        return checksums;
    }

    private static void checkRoom(Path path, long bytes) throws IOException {
        long room = Files.getFileStore(path.toAbsolutePath().resolveSibling(".")).getUsableSpace();
        if (room < bytes) {
            throw new IOException(
                    "it takes %d MiB, but the disk has room for %d MiB".formatted(bytes >> 20, room >> 20));
        }
    }
}
