package dev.kvasir.kernels.matrix.vector.pack;

import dev.kvasir.kernels.memory.BigMemory;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A weight matrix as the vector kernels read it, made once when a model is loaded. Weights are rearranged
 * without loss, 32 rows side by side, into memory outside the heap ({@link #packedBytes}); f32 stay where they are.
 *
 * <p>Immutable and thread-safe. No kernel may run while it is closed, nor after.
 */
public final class PackedMatrix implements AutoCloseable {

    private static final int ROWS = PackLayout.ROWS;
    private static final int PADDING = 64;

    private final Matrix source;
    private final @Nullable PackLayout layout;
    private final Arena arena;
    private final MemorySegment packed;
    private final float[] scaleUnits; // [groups]

    private PackedMatrix(Matrix source, @Nullable PackLayout layout, Arena arena, MemorySegment packed) {
        this(source, layout, arena, packed, new float[layout == null ? 0 : (source.rows() + ROWS - 1) / ROWS]);
    }

    private PackedMatrix(Matrix source, @Nullable PackLayout layout, Arena arena, MemorySegment packed,
            float[] scaleUnits) {
        this.source = source;
        this.layout = layout;
        this.arena = arena;
        this.packed = packed;
        this.scaleUnits = scaleUnits;
    }

    /**
     * Packs a matrix. The source is no longer read afterwards, except of f32, where it must stay alive.
     *
     * @throws IllegalStateException if there is no memory for the packed weights
     */
    public static PackedMatrix pack(Matrix source, Workers workers) {
        Arena arena = Arena.ofShared();
        PackLayout layout = PackLayout.of(source.type());
        if (layout == null) {
            return new PackedMatrix(source, null, arena, MemorySegment.NULL);
        }
        try {
            // The padding lets the last vector be read whole whatever its width.
            var packed = BigMemory.allocate(arena, bytes(layout, source) + PADDING);
            var matrix = new PackedMatrix(source, layout, arena, packed);
            workers.forEachRange(matrix.groups(), 1, (worker, from, to) -> {
                var packer = new Packer(matrix, layout);
                for (int group = from; group < to; group++) {
                    matrix.scaleUnits[group] = packer.pack(group);
                }
            });
            return matrix;
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new IllegalStateException(
                    "no memory for %d MiB of packed weights: take a smaller model or quantisation".formatted(
                            packedBytes(source) >> 20),
                    e);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /**
     * A matrix that was packed before, by a Packer with the same {@link PackFingerprint}.
     *
     * @param contents what {@link #contents} gave then; must outlive the matrix, and is not freed with it
     * @param scaleUnits what {@link #scaleUnits} gave then
     * @throws IllegalArgumentException if the sizes are not those of the source's packed form
     */
    public static PackedMatrix ofPacked(Matrix source, MemorySegment contents, float[] scaleUnits) {
        PackLayout layout = PackLayout.of(source.type());
        long expected = layout == null ? 0 : bytes(layout, source) + PADDING;
        int groups = layout == null ? 0 : (source.rows() + ROWS - 1) / ROWS;
        if (contents.byteSize() != expected || scaleUnits.length != groups) {
            throw new IllegalArgumentException(
                    "%d bytes and %d scale units are no packed form of %d x %d %s weights, which has %d and %d"
                            .formatted(
                                    contents.byteSize(), scaleUnits.length, source.rows(), source.cols(), source.type(),
                                    expected, groups));
        }
        return new PackedMatrix(source, layout, Arena.ofShared(), contents, scaleUnits.clone());
    }

    /** The packed weights and the padding behind them, read-only; nothing of f32, which are not packed. */
    public MemorySegment contents() {
        return packed.asReadOnly();
    }

    /** What the packed scales of each group are multiples of. */
    public float[] scaleUnits() {
        return scaleUnits.clone();
    }

    /** Bytes that {@link #pack} takes beyond the file's own: none for f32. */
    public static long packedBytes(Matrix source) {
        PackLayout layout = PackLayout.of(source.type());
        return layout == null ? 0 : bytes(layout, source);
    }

    private static long bytes(PackLayout layout, Matrix source) {
        return Math.multiplyExact(layout.groupBytes(source.cols()), (source.rows() + ROWS - 1) / ROWS);
    }

    /** The type of the weights, as in the file. */
    public TensorType type() {
        return source.type();
    }

    /** Elements of the result. */
    public int rows() {
        return source.rows();
    }

    /** Elements of the input. */
    public int cols() {
        return source.cols();
    }

    /** Bytes that one product reads. */
    public long bytesRead() {
        return layout == null ? source.data().byteSize() : packed.byteSize() - PADDING;
    }

    /** Frees the packed weights. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    public Matrix source() {
        return source;
    }

    @Nullable
    public PackLayout layout() {
        return layout;
    }

    public MemorySegment packed() {
        return packed;
    }

    /** What the packed scales of a group are multiples of: see {@link PackLayout}. */
    public float scaleUnit(int group) {
        return scaleUnits[group];
    }

    /** Groups of 32 rows, the last one padded. */
    public int groups() {
        return (rows() + ROWS - 1) / ROWS;
    }

    public int chunks() {
        return (cols() + PackLayout.CHUNK - 1) / PackLayout.CHUNK;
    }

    public int chunkCols(int chunk) {
        return Math.min(PackLayout.CHUNK, cols() - chunk * PackLayout.CHUNK);
    }

    /** Blocks of 32 columns of a chunk, the last one of halves padded with zeros. */
    public int chunkBlocks(int chunk) {
        return (chunkCols(chunk) + Activation.BLOCK - 1) / Activation.BLOCK;
    }

    public long chunkAt(int group, int chunk) {
        PackLayout packing = layout;
        if (packing == null) {
            throw new IllegalStateException("%s weights are not packed".formatted(type()));
        }
        return group * packing.groupBytes(cols()) + (long) chunk * packing.chunkBytes(PackLayout.CHUNK_BLOCKS);
    }
}
