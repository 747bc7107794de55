package dev.kvasir.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/**
 * Rearranges the blocks of a quantised matrix into {@link PackLayout}, group by group. The blocks' formats are GGUF's.
 */
final class Packer {

    private static final int ROWS = PackLayout.ROWS;
    private static final int BLOCK = Activation.BLOCK;

    private final PackedMatrix matrix;
    private final PackLayout layout;
    private final byte[] chunkBytes;
    private final ByteBuffer chunk;
    private final byte[] blockBytes;
    private final ByteBuffer block;
    private final int[] q = new int[PackLayout.CHUNK];

    Packer(PackedMatrix matrix, PackLayout layout) {
        this.matrix = matrix;
        this.layout = layout;
        chunkBytes = new byte[layout.chunkBytes(PackLayout.CHUNK_BLOCKS)];
        chunk = ByteBuffer.wrap(chunkBytes).order(Lanes.ORDER);
        blockBytes = new byte[matrix.type().blockBytes()];
        block = ByteBuffer.wrap(blockBytes).order(Lanes.ORDER);
    }

    void pack(int group) {
        for (int c = 0; c < matrix.chunks(); c++) {
            int blocks = matrix.chunkCols(c) / BLOCK;
            Arrays.fill(chunkBytes, (byte) 0);
            int last = Math.min(ROWS, matrix.rows() - group * ROWS);
            for (int lane = 0; lane < last; lane++) {
                long at = (group * (long) ROWS + lane) * matrix.source().rowBytes()
                        + matrix.type().bytes((long) c * PackLayout.CHUNK);
                row(at, lane, blocks);
            }
            MemorySegment.copy(chunkBytes, 0, matrix.packed(), JAVA_BYTE, matrix.chunkAt(group, c),
                    layout.chunkBytes(blocks));
        }
    }

    private void row(long at, int lane, int blocks) {
        int fileBlock = matrix.type().blockElements();
        for (int first = 0; first < blocks; first += fileBlock / BLOCK) {
            long from = at + (long) (first * BLOCK / fileBlock) * blockBytes.length;
            MemorySegment.copy(matrix.source().data(), JAVA_BYTE, from, blockBytes, 0, blockBytes.length);
            switch (layout) {
                case Q8_0 -> {
                    scale(0, first, lane, 0);
                    for (int i = 0; i < BLOCK; i++) {
                        q[i] = blockBytes[2 + i];
                    }
                }
                case Q4_0 -> {
                    scale(0, first, lane, 0);
                    nibbles(2, -1, 0);
                }
                case Q4_1 -> {
                    scale(0, first, lane, 0);
                    scale(2, first, lane, 64 * blocks);
                    nibbles(4, -1, 0);
                }
                case Q5_0 -> {
                    scale(0, first, lane, 0);
                    nibbles(6, 2, -16);
                }
                case Q5_1 -> {
                    scale(0, first, lane, 0);
                    scale(2, first, lane, 64 * blocks);
                    nibbles(8, 4, 0);
                }
                case Q4_K -> superBlock(lane, false);
                case Q5_K -> superBlock(lane, true);
                case Q6_K -> sixBits(lane);
            }
            store(layout.headerBytes(blocks), first * BLOCK, fileBlock, lane);
        }
    }

    private void scale(int from, int blockIndex, int lane, int to) {
        chunk.putShort(to + (blockIndex * ROWS + lane) * 2, block.getShort(from));
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
            int header = 8 * ROWS + (s * ROWS + lane) * 2;
            chunkBytes[header] = (byte) scale;
            chunkBytes[header + 1] = (byte) min;
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
            chunkBytes[4 * ROWS + (half / 2 * ROWS + lane) * 2 + half % 2] = blockBytes[192 + half];
        }
        for (int i = 0; i < PackLayout.CHUNK; i++) {
            int within = i % 128;
            int low = blockBytes[i / 128 * 64 + within % 64] >> 4 * (within / 64) & 15;
            int high = blockBytes[128 + i / 128 * 32 + within % 32] >> 2 * (within / 32) & 3;
            q[i] = (low | high << 4) - 32;
        }
    }

    private void store(int lines, int col, int count, int lane) {
        if (layout.nibbles()) {
            for (int i = 0; i < count; i += 4) {
                chunk.putShort(lines + ((col + i) / 4 * ROWS + lane) * 2,
                        (short) (q[i] | q[i + 1] << 4 | q[i + 2] << 8 | q[i + 3] << 12));
            }
        } else {
            for (int i = 0; i < count; i++) {
                chunkBytes[lines + (col + i) * ROWS + Lanes.laneOf(lane)] = (byte) q[i];
            }
        }
    }
}
