package dev.kvasir.kernels.matrix.vector.pack;

import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.simd.Transpose;
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
    private static final int HALF_INFINITY = 0x7c00;
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Lanes.ORDER);

    private final PackedMatrix matrix;
    private final PackLayout layout;
    private final byte[] chunkBytes;
    private final ByteBuffer chunk;
    private final byte[] blockBytes;
    private final ByteBuffer block;
    private final int[] q = new int[PackLayout.CHUNK];
    private final byte[] rows; // [32] the blocks of a chunk, as in the file
    private final int rowBytes; // of a whole chunk
    private final int[] rowOfLane = new int[ROWS]; // of lines of bytes
    private float scaleFactor; // of the group at hand

    Packer(PackedMatrix matrix, PackLayout layout) {
        this.matrix = matrix;
        this.layout = layout;
        chunkBytes = new byte[layout.chunkBytes(PackLayout.CHUNK_BLOCKS)];
        chunk = ByteBuffer.wrap(chunkBytes).order(Lanes.ORDER);
        blockBytes = new byte[matrix.type().blockBytes()];
        block = ByteBuffer.wrap(blockBytes).order(Lanes.ORDER);
        rowBytes = Math.toIntExact(matrix.type().bytes(PackLayout.CHUNK));
        rows = new byte[ROWS * rowBytes];
        Arrays.setAll(rowOfLane, Lanes::rowOf);
    }

    /** Packs one group and returns its scale unit. */
    float pack(int group) {
        return pack(group, layout == PackLayout.Q8_0 || layout == PackLayout.Q4_0);
    }

    /** As the other {@code pack}; whole groups row by row, unless {@code together}. */
    float pack(int group, boolean together) {
        int exponent = layout.header() == PackLayout.Header.SCALE || layout == PackLayout.F16
                ? commonExponent(group)
                : 0;
        scaleFactor = Math.scalb(1f, -exponent);
        for (int c = 0; c < matrix.chunks(); c++) {
            int blocks = matrix.chunkBlocks(c);
            int last = Math.min(ROWS, matrix.rows() - group * ROWS);
            if (together && last == ROWS) {
                wholeGroup(group, c, blocks);
                continue;
            }
            Arrays.fill(chunkBytes, (byte) 0);
            for (int lane = 0; lane < last; lane++) {
                long at = (group * (long) ROWS + lane) * matrix.source().rowBytes()
                        + matrix.type().bytes((long) c * PackLayout.CHUNK);
                if (layout.halves()) {
                    halves(at, lane, matrix.chunkCols(c));
                } else {
                    row(at, lane, blocks);
                }
            }
            write(group, c, blocks);
        }
        return Math.scalb(1f, 112 + exponent);
    }

    private void write(int group, int chunk, int blocks) {
        MemorySegment.copy(chunkBytes, 0, matrix.packed(), JAVA_BYTE, matrix.chunkAt(group, chunk),
                layout.chunkBytes(blocks));
    }

    // What row() does with 32 rows one after the other, for the types of which a start waits longest.
    private void wholeGroup(int group, int chunk, int blocks) {
        int blockLength = blockBytes.length;
        long at = group * (long) ROWS * matrix.source().rowBytes() + (long) chunk * rowBytes;
        for (int row = 0; row < ROWS; row++, at += matrix.source().rowBytes()) {
            MemorySegment.copy(matrix.source().data(), JAVA_BYTE, at, rows, row * rowBytes, blocks * blockLength);
        }
        for (int i = 0; i < blocks; i++) {
            int to = i * layout.blockBytes();
            int from = i * blockLength;
            for (int lane = 0; lane < ROWS; lane++) {
                unitScale(Transpose.half(rows, lane * rowBytes + from), lane, to);
            }
            if (layout.nibbles()) {
                nibbleLines(from + Short.BYTES, to + layout.scaleBytes());
            } else {
                byteLines(from + Short.BYTES, to + layout.scaleBytes());
            }
        }
        write(group, chunk, blocks);
    }

    private void byteLines(int from, int to) {
        for (int lane = 0; lane < ROWS; lane += 8) {
            int a = rowOfLane[lane] * rowBytes + from;
            int b = rowOfLane[lane + 1] * rowBytes + from;
            int c = rowOfLane[lane + 2] * rowBytes + from;
            int d = rowOfLane[lane + 3] * rowBytes + from;
            int e = rowOfLane[lane + 4] * rowBytes + from;
            int f = rowOfLane[lane + 5] * rowBytes + from;
            int g = rowOfLane[lane + 6] * rowBytes + from;
            int h = rowOfLane[lane + 7] * rowBytes + from;
            for (int i = 0; i < BLOCK; i += 8) {
                Transpose.bytes(rows, a + i, b + i, c + i, d + i, e + i, f + i, g + i, h + i, chunkBytes,
                        to + i * ROWS + lane, ROWS);
            }
        }
    }

    private void nibbleLines(int from, int to) {
        int line = ROWS * Short.BYTES;
        for (int row = 0; row < ROWS; row += 4) {
            int a = row * rowBytes + from;
            int b = a + rowBytes;
            int c = b + rowBytes;
            int d = c + rowBytes;
            int at = to + row * Short.BYTES;
            for (int i = 0; i < BLOCK / 2; i += 8) {
                Transpose.nibbles(rows, a + i, b + i, c + i, d + i, 0, chunkBytes, at + i / 4 * line, line);
                Transpose.nibbles(rows, a + i, b + i, c + i, d + i, 4, chunkBytes, at + (i / 4 + 4) * line, line);
            }
        }
    }

    // Brings the largest scale of the group to the top of the range of f16: no other is subnormal then that was not
    // 2^29 times smaller.
    private int commonExponent(int group) {
        int last = Math.min(matrix.rows(), (group + 1) * ROWS);
        int max = 0; // bits of a half without its sign, which are in the order of the numbers
        for (int row = group * ROWS; row < last; row++) {
            long at = row * matrix.source().rowBytes();
            for (int i = 0; i < matrix.cols() / matrix.type().blockElements(); i++, at += blockBytes.length) {
                int magnitude = matrix.source().data().get(HALF, at) & 0x7fff;
                max = magnitude < HALF_INFINITY ? Math.max(max, magnitude) : max;
            }
        }
        return max == 0 ? 0 : Math.getExponent(Float.float16ToFloat((short) max)) - 15;
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
        unitScale(block.getShort(0), lane, to);
    }

    private void unitScale(short half, int lane, int to) {
        float scale = Float.float16ToFloat(half);
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
