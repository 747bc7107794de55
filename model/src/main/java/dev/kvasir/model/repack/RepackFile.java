package dev.kvasir.model.repack;

import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.memory.BigMemory;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.model.repack.RepackHeader.Entry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Packed weights, mapped from a file. Every byte is checked when the file is opened. */
final class RepackFile implements AutoCloseable {
    private final Arena arena;
    private final RepackHeader header;
    private final MemorySegment contents;

    private RepackFile(Arena arena, RepackHeader header, MemorySegment contents) {
        this.arena = arena;
        this.header = header;
        this.contents = contents;
    }

    /**
     * Maps a file and compares all checksums, which also brings the whole file into memory.
     *
     * @param key the key that the file must have, see {@link RepackKey}
     * @throws IOException if the file cannot be read, is damaged or has another key; the message names the problem
     */
    static RepackFile open(Path path, String key, Workers workers) throws IOException {
        Arena arena = Arena.ofShared();
        try (var channel = FileChannel.open(path)) {
            MemorySegment file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            RepackHeader header = RepackHeader.read(file);
            if (!header.key().equals(key)) {
                throw new IOException("it was made for %s, not for %s".formatted(header.key(), key));
            }
            BigMemory.adviseHugePages(file);
            MemorySegment contents = file.asSlice(header.offset(), header.bytes());
            check(contents, header.matrices(), workers);
            return new RepackFile(arena, header, contents);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /** A range of bytes and its expected checksum. */
    private record Piece(String name, MemorySegment bytes, int checksum) {}

    private static void check(MemorySegment contents, Map<String, Entry> matrices, Workers workers)
            throws IOException {
        List<Piece> pieces = new ArrayList<>();
        matrices.forEach((name, entry) -> {
            MemorySegment matrix = contents.asSlice(entry.offset(), entry.bytes());
            for (int i = 0; i < entry.checksums().length; i++) {
                pieces.add(new Piece(name, RepackHeader.piece(matrix, i), entry.checksums()[i]));
            }
        });
        var firstWrong = new AtomicInteger(pieces.size());
        workers.forEachRange(pieces.size(), 1, (worker, from, to) -> {
            for (int i = from; i < to; i++) {
                if (RepackHeader.checksum(pieces.get(i).bytes()) != pieces.get(i).checksum()) {
                    firstWrong.accumulateAndGet(i, Math::min);
                }
            }
        });
        if (firstWrong.get() < pieces.size()) {
            throw new IOException("the bytes of %s have changed since they were written".formatted(
                    pieces.get(firstWrong.get()).name()));
        }
    }

    /** The packed form of a matrix, valid until this file is closed; empty if the file has no matching one. */
    Optional<PackedMatrix> matrix(String name, Matrix source) {
        Entry entry = header.matrices().get(name);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(PackedMatrix.ofPacked(source, contents.asSlice(entry.offset(), entry.bytes()),
                    entry.scaleUnits()));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // another shape: the caller packs again
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
