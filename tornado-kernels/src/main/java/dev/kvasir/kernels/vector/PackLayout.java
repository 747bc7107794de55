package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.tensor.TensorType;

/**
 * How weights of a quantised type lie once they are packed: in groups of 32 rows, side by side in the lanes of a
 * vector, and in chunks of up to 256 columns.
 *
 * <pre>{@code
 * group   [ceil(cols / 256)] chunk
 * chunk   super-block's factors                   of the types that have them
 *         [cols / 32] block
 * block   scales as in the file
 *         lines [32 columns][32 rows]             8 bits, rows in the order of Lanes.rowOf
 *            or [4][32 rows]                      32 bits: eight columns of 4 bits, see {@link #nibbleLine}
 *
 *              chunk                        block
 * SCALE                                     f16 scale [32]
 * SCALE_MIN                                 f16 scale [32], f16 min [32]
 * SUPER_MIN    f32 scale [32], f32 min [32] bytes [32][2]: sub-scale, sub-min
 * SUPER_HALF   f32 scale [32]               bytes [32][2]: sub-scales of both halves of the block
 * }</pre>
 *
 * What a block needs lies in one run of bytes, so that a product reads every group from front to back. The numbers are
 * those of the file, but for scales of SCALE: a power of two that all scales of a group have in common is taken out of
 * them, so that none is subnormal, and kept as 2^112 times it in {@link PackedMatrix#scaleUnit}.
 *
 * <p>A weight is {@code a * q + b} with {@code a} and {@code b} from the scales and a signed {@code q}: the number stored
 * in 8 bits, or that in 4 bits less 8. Types of 5 and 6 bits take 8: packed they are 1.3 to 1.6 times their file's size.
 */
enum PackLayout {
    Q8_0(8, Header.SCALE),
    Q4_0(4, Header.SCALE),
    Q4_1(4, Header.SCALE_MIN),
    Q5_0(8, Header.SCALE),
    Q5_1(8, Header.SCALE_MIN),
    Q4_K(4, Header.SUPER_MIN),
    Q5_K(8, Header.SUPER_MIN),
    Q6_K(8, Header.SUPER_HALF);

    enum Header {
        SCALE,
        SCALE_MIN,
        SUPER_MIN,
        SUPER_HALF
    }

    /** Rows side by side. */
    static final int ROWS = 32;
    /** Columns of a whole chunk. */
    static final int CHUNK = 256;
    /** Blocks of 32 columns of a whole chunk. */
    static final int CHUNK_BLOCKS = CHUNK / Activation.BLOCK;

    private final int bits;
    private final Header header;

    PackLayout(int bits, Header header) {
        this.bits = bits;
        this.header = header;
    }

    static PackLayout of(TensorType type) {
        return valueOf(type.name());
    }

    Header header() {
        return header;
    }

    /** Whether a weight has 4 bits and not 8. */
    boolean nibbles() {
        return bits == 4;
    }

    /** Whether {@code b} is not zero. */
    boolean hasMin() {
        return header == Header.SCALE_MIN || header == Header.SUPER_MIN;
    }

    /** Columns that share {@code a} and {@code b}. */
    int unit() {
        return header == Header.SUPER_HALF ? 16 : 32;
    }

    /**
     * Eight columns of one row: the k-th pair of columns, the even one in the upper nibble, comes to bits 15 to 22 when the
     * line is rotated right by {@code 8 k}. There the nibbles are the upper eight bits of a float's fraction, so that one
     * operation makes each a number: {@code 1 + q / 16} of the even column, {@code 1 + q / 256} of the odd one.
     *
     * @param q eight columns from {@code at}
     */
    static int nibbleLine(int[] q, int at) {
        int line = 0;
        for (int k = 0; k < 4; k++) {
            line |= Integer.rotateLeft((q[at + 2 * k] << 4 | q[at + 2 * k + 1]) << 15, 8 * k);
        }
        return line;
    }

    /** Bytes of a chunk before its first block. */
    int superBytes() {
        return switch (header) {
            case SCALE, SCALE_MIN -> 0;
            case SUPER_MIN -> 256;
            case SUPER_HALF -> 128;
        };
    }

    /** Bytes of a block before its lines. */
    int scaleBytes() {
        return header == Header.SCALE_MIN ? 128 : 64;
    }

    /** Bytes from one block to the next. */
    int blockBytes() {
        return scaleBytes() + Activation.BLOCK * ROWS * bits / 8;
    }

    int chunkBytes(int blocks) {
        return superBytes() + blocks * blockBytes();
    }

    long groupBytes(int cols) {
        int blocks = cols / Activation.BLOCK;
        int rest = blocks % CHUNK_BLOCKS;
        long whole = (long) (blocks / CHUNK_BLOCKS) * chunkBytes(CHUNK_BLOCKS);
        return rest == 0 ? whole : whole + chunkBytes(rest);
    }
}
