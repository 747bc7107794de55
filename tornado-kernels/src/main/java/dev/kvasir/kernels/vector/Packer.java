package dev.kvasir.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/**
 * Rearranges the blocks of a matrix into {@link PackLayout}, group by group. The blocks' formats are GGUF's.
 */
final class Packer {

    private static final int ROWS = PackLayout.ROWS;
    private static final int BLOCK = Activation.BLOCK;
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Lanes.ORDER);

    private final PackedMatrix matrix;
    private final PackLayout layout;
    private final byte[] chunkBytes;
    private final ByteBuffer chunk;
    private final byte[] blockBytes;
    private final ByteBuffer block;
    private final int[] q = new int[PackLayout.CHUNK];
    private float scaleFactor; // of the group at hand

    Packer(PackedMatrix matrix, PackLayout layout) {
        this.matrix = matrix;
        this.layout = layout;
        chunkBytes = new byte[layout.chunkBytes(PackLayout.CHUNK_BLOCKS)];
        chunk = ByteBuffer.wrap(chunkBytes).order(Lanes.ORDER);
        blockBytes = new byte[matrix.type().blockBytes()];
        block = ByteBuffer.wrap(blockBytes).order(Lanes.ORDER);
    }

    /** Packs one group and returns its scale unit. */
    float pack(int group) {
        int exponent = layout.header() == PackLayout.Header.SCALE || layout == PackLayout.F16
                ? commonExponent(group)
                : 0;
        scaleFactor = Math.scalb(1f, -exponent);
        for (int c = 0; c < matrix.chunks(); c++) {
            int blocks = matrix.chunkBlocks(c);
            Arrays.fill(chunkBytes, (byte) 0);
            int last = Math.min(ROWS, matrix.rows() - group * ROWS);
            for (int lane = 0; lane < last; lane++) {
                long at = (group * (long) ROWS + lane) * matrix.source().rowBytes()
                        + matrix.type().bytes((long) c * PackLayout.CHUNK);
                if (layout.halves()) {
                    halves(at, lane, matrix.chunkCols(c));
                } else {
                    row(at, lane, blocks);
                }
            }
            MemorySegment.copy(chunkBytes, 0, matrix.packed(), JAVA_BYTE, matrix.chunkAt(group, c),
                    layout.chunkBytes(blocks));
        }
        return Math.scalb(1f, 112 + exponent);
    }

    // Brings the largest scale of the group to the top of the range of f16: no other is subnormal then that was not
    // 2^29 times smaller.
    private int commonExponent(int group) {
        int last = Math.min(matrix.rows(), (group + 1) * ROWS);
        float max = 0;
        for (int row = group * ROWS; row < last; row++) {
            long at = row * matrix.source().rowBytes();
            for (int i = 0; i < matrix.cols() / matrix.type().blockElements(); i++, at += blockBytes.length) {
                float scale = Float.float16ToFloat(matrix.source().data().get(HALF, at));
                max = Math.max(max, Float.isFinite(scale) ? Math.abs(scale) : 0);
            }
        }
        return max == 0 ? 0 : Math.getExponent(max) - 15;
    }

    private void row(long at, int lane, int blocks) {
        int fileBlock = matrix.type().blockElements();
        for (int first = 0; first < blocks; first += fileBlock / BLOCK) {
            long from = at + (long) (first * BLOCK / fileBlock) * blockBytes.length;
            MemorySegment.copy(matrix.source().data(), JAVA_BYTE, from, blockBytes, 0, blockBytes.length);
            int to = layout.superBytes() + first * layout.blockBytes();
            switch (layout) {
                case Q8_0 -> {
                    unitScale(lane, to);
                    for (int i = 0; i < BLOCK; i++) {
                        q[i] = blockBytes[2 + i];
                    }
                }
                case Q4_0 -> {
                    unitScale(lane, to);
                    nibbles(2, -1, 0);
                }
                case Q4_1 -> {
                    scale(0, lane, to);
                    scale(2, lane, to + 64);
                    nibbles(4, -1, 0);
                }
                case Q5_0 -> {
                    unitScale(lane, to);
                    nibbles(6, 2, -16);
                }
                case Q5_1 -> {
                    scale(0, lane, to);
                    scale(2, lane, to + 64);
                    nibbles(8, 4, 0);
                }
                case Q4_K -> superBlock(lane, false);
                case Q5_K -> superBlock(lane, true);
                case Q6_K -> sixBits(lane);
                case F16, BF16 -> throw new IllegalStateException("%s weights have no blocks".formatted(layout));
            }
            for (int block = 0; block < fileBlock / BLOCK; block++) {
                store(to + block * layout.blockBytes() + layout.scaleBytes(), block * BLOCK, lane);
            }
        }
    }

    private void halves(long at, int lane, int cols) {
        for (int i = 0; i < cols; i++) {
            short half = matrix.source().data().get(HALF, at + 2L * i);
            chunk.putShort((i * ROWS + lane) * 2, layout == PackLayout.F16
                    ? Float.floatToFloat16(Float.float16ToFloat(half) * scaleFactor)
                    : half);
        }
    }

    private void unitScale(int lane, int to) {
        float scale = Float.float16ToFloat(block.getShort(0));
        chunk.putShort(to + lane * 2, Float.floatToFloat16(scale * scaleFactor));
    }

    private void scale(int from, int lane, int to) {
        chunk.putShort(to + lane * 2, block.getShort(from));
    }

    // Columns 0-15 in the low, 16-31 in the high nibbles; fifth bits in an int.
    private void nibbles(int from, int fifthsFrom, int offset) {
        int fifths = fifthsFrom < 0 ? 0 : block.getInt(fifthsFrom);
        for (int i = 0; i < BLOCK / 2; i++) {
            int both = blockBytes[from + i];
            q[i] = (both & 15) + ((fifths >>> i & 1) << 4) + offset;
            q[i + 16] = (both >> 4 & 15) + ((fifths >>> (i + 16) & 1) << 4) + offset;
        }
    }

    private void superBlock(int lane, boolean fifthBits) {
        chunk.putFloat(4 * Lanes.laneOf(lane), Float.float16ToFloat(block.getShort(0)));
        chunk.putFloat(4 * (ROWS + Lanes.laneOf(lane)), Float.float16ToFloat(block.getShort(2)));
        int weights = fifthBits ? 48 : 16;
        for (int s = 0; s < 8; s++) {
            int scale;
            int min;
            if (s < 4) {
                scale = blockBytes[4 + s] & 63;
                min = blockBytes[8 + s] & 63;
            } else {
                scale = blockBytes[8 + s] & 15 | (blockBytes[s] & 0xc0) >> 2;
                min = blockBytes[8 + s] >> 4 & 15 | (blockBytes[4 + s] & 0xc0) >> 2;
            }
            int to = layout.superBytes() + s * layout.blockBytes() + lane * 2;
            chunkBytes[to] = (byte) scale;
            chunkBytes[to + 1] = (byte) min;
            for (int i = 0; i < BLOCK; i++) {
                int value = blockBytes[weights + s / 2 * BLOCK + i] >> 4 * (s % 2) & 15;
                int fifth = fifthBits ? (blockBytes[16 + i] >> s & 1) << 4 : 0;
                q[s * BLOCK + i] = value + fifth;
            }
        }
    }

    private void sixBits(int lane) {
        chunk.putFloat(4 * Lanes.laneOf(lane), Float.float16ToFloat(block.getShort(208)));
        for (int half = 0; half < 16; half++) {
            int to = layout.superBytes() + half / 2 * layout.blockBytes() + lane * 2 + half % 2;
            chunkBytes[to] = blockBytes[192 + half];
        }
        for (int i = 0; i < PackLayout.CHUNK; i++) {
            int within = i % 128;
            int low = blockBytes[i / 128 * 64 + within % 64] >> 4 * (within / 64) & 15;
            int high = blockBytes[128 + i / 128 * 32 + within % 32] >> 2 * (within / 32) & 3;
            q[i] = (low | high << 4) - 32;
        }
    }

    // One block's lines from q[from..].
    private void store(int lines, int from, int lane) {
        if (layout.nibbles()) {
            for (int i = 0; i < BLOCK; i += 4) {
                chunk.putShort(lines + (i / 4 * ROWS + lane) * 2, PackLayout.nibbleLine(q, from + i));
            }
        } else {
            for (int i = 0; i < BLOCK; i++) {
                chunkBytes[lines + i * ROWS + Lanes.laneOf(lane)] = (byte) q[from + i];
            }
        }
    }
}
