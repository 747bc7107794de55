package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.memory.BigMemory;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/**
 * {@code MatMul}'s product on the processor's matrix unit, in bfloat16 with sums in f32: off by about two thousandths.
 * A token's result does not depend on the others.
 *
 * <p>A worker decodes 256 rows by a chunk of columns, 128 KiB, and has up to 512 tokens pass by, 256 KiB; with the sums all of
 * it stays in the second-level cache.
 */
public final class AmxMatMul {

    private static final int ROWS = PackLayout.ROWS;
    private static final int COLS = AmxProduct.COLS;
    private static final int TOKENS = AmxProduct.TOKENS;
    private static final int TILE_TOKENS = AmxProduct.TILE_TOKENS;
    private static final int TILE_BYTES = AmxProduct.TILE_BYTES;
    private static final int CHUNK_STEPS = PackLayout.CHUNK / COLS;
    private static final int CHUNK_BYTES = CHUNK_STEPS * AmxWeights.STEP_BYTES;
    /** Passes of 32 tokens that share one decoding of the weights. */
    private static final int MOST_PASSES = 16;
    private static final int PIECES_A_WORKER = 4;
    /** Weights below which a product takes too little time for rounding to be worth it. */
    private static final long FEWEST_WEIGHTS = 1 << 20;

    private final Workers workers;
    private final AmxProduct product;
    private final AmxWeights weights;
    private final Scratch[] scratch;
    private final Workers.RangeTask rounding = this::round;
    private final Workers.RangeTask multiplying = this::multiply;

    private MemorySegment rounded = MemorySegment.NULL; // [chunks][token tiles][steps of the chunk] tiles
    private MemorySegment x = MemorySegment.NULL;
    private int xAt;
    private int tokens;
    private int passes; // of 32 tokens
    private int groups; // of 32 rows, in a piece
    private int[] firstPiece = new int[8];
    private PackedMatrix[] matrices = new PackedMatrix[0];
    private float[][] results = new float[0][];

    private AmxMatMul(Workers workers, AmxProduct product, AmxWeights weights) {
        this.workers = workers;
        this.product = product;
        this.weights = weights;
        scratch = new Scratch[workers.size()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch();
        }
    }

    /** Whether this machine has a matrix unit that this process may use. */
    public static boolean isAvailable() {
        return MachineCode.hasTiles() && Lanes.bits() == 512;
    }

    /** Nothing if this machine has no matrix unit for us. */
    public static Optional<AmxMatMul> create(Workers workers) {
        return AmxProduct.create()
                .flatMap(product -> AmxWeights.create().map(weights -> new AmxMatMul(workers, product, weights)));
    }

    /** Whether there is so much to multiply that time matters. */
    public static boolean suits(PackedMatrix[] ws) {
        long weights = 0;
        for (PackedMatrix w : ws) {
            weights += (long) w.rows() * w.cols();
        }
        return weights >= FEWEST_WEIGHTS;
    }

    /** What {@code MatMul.multiply} does, for arguments that it has checked. */
    public void multiply(float[] x, int xAt, int tokens, PackedMatrix[] ws, float[][] ys) {
        this.x = MemorySegment.ofArray(x);
        this.xAt = xAt;
        this.tokens = tokens;
        matrices = ws;
        results = ys;
        passes = (tokens + TOKENS - 1) / TOKENS;
        long needed = tileAt(ws[0].chunks() - 1, passes * TOKENS / TILE_TOKENS);
        if (rounded.byteSize() < needed) {
            rounded = BigMemory.allocate(Arena.ofAuto(), needed);
        }
        int all = 0;
        for (PackedMatrix w : ws) {
            all += w.groups();
        }
        groups = Math.clamp(all / (workers.size() * PIECES_A_WORKER), 1, AmxProduct.GROUPS);
        if (firstPiece.length <= ws.length) {
            firstPiece = new int[ws.length + 1];
        }
        for (int i = 0; i < ws.length; i++) {
            firstPiece[i + 1] = firstPiece[i] + (ws[i].groups() + groups - 1) / groups;
        }
        workers.forEachRange(passes * TOKENS / TILE_TOKENS, 1, rounding);
        workers.forEachRange(firstPiece[ws.length], 1, multiplying);
    }

    private long tileAt(int chunk, int tokenTile) {
        long tokenTiles = (long) passes * TOKENS / TILE_TOKENS;
        return (tokenTiles * chunk * CHUNK_STEPS + (long) tokenTile * matrices[0].chunkBlocks(chunk)) * TILE_BYTES;
    }

    private void round(int worker, int from, int to) {
        for (int tile = from; tile < to; tile++) {
            for (int chunk = 0; chunk < matrices[0].chunks(); chunk++) {
                scratch[worker].round(tile, chunk);
            }
        }
    }

    private void multiply(int worker, int from, int to) {
        int m = 0;
        for (int piece = from; piece < to; piece++) {
            while (piece >= firstPiece[m + 1]) {
                m++;
            }
            int group = (piece - firstPiece[m]) * groups;
            for (int pass = 0; pass < passes; pass += MOST_PASSES) {
                scratch[worker].multiply(matrices[m], group, pass, Math.min(MOST_PASSES, passes - pass), results[m]);
            }
        }
    }

    /** What one worker needs. */
    private final class Scratch {

        private final AmxWeights.Scratch decoding = new AmxWeights.Scratch();
        private final MemorySegment decoded = BigMemory.allocate(Arena.ofAuto(),
                (long) AmxProduct.GROUPS * CHUNK_BYTES);
        private final float[] lastColumns = new float[COLS];
        private final MemorySegment lastColumnsSegment = MemorySegment.ofArray(lastColumns);
        private MemorySegment sums = MemorySegment.NULL; // [tokens][STRIDE]

        void round(int tile, int chunk) {
            int steps = matrices[0].chunkBlocks(chunk);
            int cols = matrices[0].chunkCols(chunk);
            int whole = cols / COLS;
            MemorySegment out = rounded.asSlice(tileAt(chunk, tile), (long) steps * TILE_BYTES);
            int first = tile * TILE_TOKENS;
            if (first + TILE_TOKENS > tokens) {
                out.fill((byte) 0);
            }
            for (int i = 0; i < Math.min(TILE_TOKENS, tokens - first); i++) {
                long at = xAt + (long) (first + i) * matrices[0].cols() + (long) chunk * PackLayout.CHUNK;
                MemorySegment row = x.asSlice(at * Float.BYTES, (long) cols * Float.BYTES);
                long to = out.address() + (long) i * COLS * Short.BYTES;
                if (whole > 0) {
                    product.round(row, to, whole);
                }
                if (whole < steps) {
                    Arrays.fill(lastColumns, 0f);
                    MemorySegment.copy(row, JAVA_FLOAT, (long) whole * COLS * Float.BYTES, lastColumns, 0,
                            cols - whole * COLS);
                    product.round(lastColumnsSegment, to + (long) whole * TILE_BYTES, 1);
                }
            }
        }

        /** Multiplies a piece of a matrix with the tokens of some passes. */
        void multiply(PackedMatrix w, int firstGroup, int firstPass, int passes, float[] y) {
            int n = Math.min(groups, w.groups() - firstGroup);
            long room = (long) passes * TOKENS * AmxProduct.STRIDE * Float.BYTES;
            if (sums.byteSize() < room) {
                sums = BigMemory.allocate(Arena.ofAuto(), room);
            }
            for (int chunk = 0; chunk < w.chunks(); chunk++) {
                for (int g = 0; g < n; g++) {
                    weights.decode(w, firstGroup + g, chunk, decoding,
                            decoded.asSlice((long) g * CHUNK_BYTES, CHUNK_BYTES));
                }
                int steps = w.chunkBlocks(chunk);
                long input = MachineCode.address(rounded, tileAt(chunk, firstPass * TOKENS / TILE_TOKENS),
                        (long) passes * TOKENS / TILE_TOKENS * steps * TILE_BYTES);
                for (int g = 0; g < n; g++) {
                    MemorySegment tiles = decoded.asSlice((long) g * CHUNK_BYTES, CHUNK_BYTES);
                    MemorySegment to = sums.asSlice((long) g * ROWS * Float.BYTES);
                    if (chunk == 0) {
                        product.start(input, tiles, to, steps, passes);
                    } else {
                        product.add(input, tiles, to, steps, passes);
                    }
                }
            }
            int firstRow = firstGroup * ROWS;
            int firstToken = firstPass * TOKENS;
            for (int t = 0; t < Math.min(passes * TOKENS, tokens - firstToken); t++) {
                MemorySegment.copy(sums, JAVA_FLOAT, (long) t * AmxProduct.STRIDE * Float.BYTES, y,
                        (firstToken + t) * w.rows() + firstRow, Math.min(n * ROWS, w.rows() - firstRow));
            }
        }
    }
}
