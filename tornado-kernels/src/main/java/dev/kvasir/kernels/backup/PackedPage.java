package dev.kvasir.kernels.backup;

import dev.kvasir.kernels.page.PageGeometry;

/**
 * The layout of a backup in fewer bits. The key of a token, and likewise its value, is rotated by a Hadamard matrix
 * (QuaRot, https://arxiv.org/abs/2404.00456) and cut into blocks of neighbouring dimensions:
 *
 * <pre>{@code
 * x' = H x / sqrt(n)             n the largest power of two that divides headDim, H block-diagonal if n < headDim
 * q8_0   s = max |x'| / 127      code = round(x' / s)
 * q4_0   s = m / -8              code = round(x' / s) + 8, m the x' of largest magnitude
 *
 * backup  [heads][key, value] { scale [blocks][pageSize] f16; code [blocks][blockBytes][pageSize] }
 * }</pre>
 *
 * A byte of {@code q4_0} holds dimension {@code j} of its block in the low half and {@code j + (block + 1) / 2} in the high
 * half. A rotation spreads the few large numbers of a key over all of its dimensions, so that the scale fits the others.
 */
public record PackedPage(PageGeometry geometry, BackupType type) {
    private static final int BLOCK = 32;

    /** Bytes of a backup. */
    public static long bytes(PageGeometry geometry, BackupType type) {
        return type == BackupType.PAGE
                ? geometry.frameBytes()
                : 2 * geometry.heads() * new PackedPage(geometry, type).partBytes();
    }

    /** Dimensions that share a scale: 32, or the largest divisor of the head size below. */
    public int block() {
        int block = Math.min(BLOCK, geometry.headDim());
        while (geometry.headDim() % block != 0) {
            block--;
        }
        return block;
    }

    /** Blocks of a key. */
    public int blocks() {
        return geometry.headDim() / block();
    }

    /** Bytes of the codes of one block of one token. */
    public int blockBytes() {
        return type == BackupType.Q8_0 ? block() : (block() + 1) / 2;
    }

    /** Dimensions that are rotated together. */
    public int rotated() {
        return Integer.lowestOneBit(geometry.headDim());
    }

    /** Bytes of the keys, or of the values, of one head. */
    public long partBytes() {
        return (long) blocks() * geometry.pageSize() * (2 + blockBytes());
    }

    /** Byte offset of the scales of the keys (part 0) or values (part 1) of a head. */
    public long scales(int head, int part) {
        return (2L * head + part) * partBytes();
    }

    /** Byte offset of the codes of the keys (part 0) or values (part 1) of a head. */
    public long codes(int head, int part) {
        return scales(head, part) + 2L * blocks() * geometry.pageSize();
    }
}
