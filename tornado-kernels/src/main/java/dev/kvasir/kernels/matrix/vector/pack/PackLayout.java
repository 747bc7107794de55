package dev.kvasir.kernels.matrix.vector.pack;

import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * How weights lie once they are packed: in groups of 32 rows, side by side in the lanes of a
 * vector, and in chunks of up to 256 columns.
 *
 * <pre>{@code
 * group   [ceil(cols / 256)] chunk
 * chunk   super-block's factors                   of the types that have them
 *         [cols / 32] block
 * block   scales as in the file
 *         lines [32 columns][32 rows]             8 bits, rows in the order of Lanes.rowOf
 *            or [8][32 rows]                      16 bits: four columns of 4 bits, see {@link #nibbleLine}
 *            or [32 columns][32 rows]             16 bits: f16 or bf16
 *
 *              chunk                        block
 * SCALE                                     f16 scale [32]
 * SCALE_MIN                                 f16 scale [32], f16 min [32]
 * SUPER_MIN    f32 scale [32], f32 min [32] bytes [32][2]: sub-scale, sub-min
 * SUPER_HALF   f32 scale [32]               bytes [32][2]: sub-scales of both halves of the block
 * NONE
 * }</pre>
 *
 * What a block needs lies in one run of bytes, so that a product reads every group from front to back. The numbers are
 * those of the file, but for scales of SCALE and weights of F16: a power of two that all of a group have in common is taken
 * out of them, so that none is subnormal, and kept as 2^112 times it in {@link PackedMatrix#scaleUnit}.
 *
 * <p>A weight is {@code a * q + b} with {@code a} and {@code b} from the scales and a signed {@code q}: the number stored
 * in 8 bits, or that in 4 bits less 8. Types of 5 and 6 bits take 8: packed they are 1.3 to 1.6 times their file's size.
 */
public enum PackLayout {
    Q8_0(8, Header.SCALE),
    Q4_0(4, Header.SCALE),
    Q4_1(4, Header.SCALE_MIN),
    Q5_0(8, Header.SCALE),
    Q5_1(8, Header.SCALE_MIN),
    Q4_K(4, Header.SUPER_MIN),
    Q5_K(8, Header.SUPER_MIN),
    Q6_K(8, Header.SUPER_HALF),
    F16(16, Header.NONE),
    BF16(16, Header.NONE);

    public enum Header {
        SCALE,
        SCALE_MIN,
        SUPER_MIN,
        SUPER_HALF,
        NONE
    }

    /** Rows side by side. */
    public static final int ROWS = 32;
    /** Columns of a whole chunk. */
    public static final int CHUNK = 256;
    /** Blocks of 32 columns of a whole chunk. */
    public static final int CHUNK_BLOCKS = CHUNK / Activation.BLOCK;

    private final int bits;
    private final Header header;

    PackLayout(int bits, Header header) {
        this.bits = bits;
        this.header = header;
    }

    /** The layout of a type; none of f32, whose rows are read where they are. */
    public static @Nullable PackLayout of(TensorType type) {
        return type == TensorType.F32 ? null : valueOf(type.name());
    }

    public Header header() {
        return header;
    }

    /** Whether a weight has 4 bits and not 8. */
    public boolean nibbles() {
        return bits == 4;
    }

    /** Whether weights of this layout meet activations that are rounded to whole numbers. */
    public boolean isRounded(ActivationType activations) {
        return activations == ActivationType.INT8 && (this == Q4_0 || this == Q4_K);
    }

    /** Whether a weight is a float of 16 bits. */
    public boolean halves() {
        return bits == 16;
    }

    /** Whether {@code b} is not zero. */
    public boolean hasMin() {
        return header == Header.SCALE_MIN || header == Header.SUPER_MIN;
    }

    /** Columns that share {@code a} and {@code b}. */
    public int unit() {
        return header == Header.SUPER_HALF ? 16 : 32;
    }

    /**
     * Four columns of one row, the first in the lowest nibble.
     *
     * @param q four columns from {@code at}
     */
    static short nibbleLine(int[] q, int at) {
        return (short) (q[at] | q[at + 1] << 4 | q[at + 2] << 8 | q[at + 3] << 12);
    }

    /** Bytes of a chunk before its first block. */
    public int superBytes() {
        return switch (header) {
            case SCALE, SCALE_MIN, NONE -> 0;
            case SUPER_MIN -> 256;
            case SUPER_HALF -> 128;
        };
    }

    /** Bytes of a block before its lines. */
    public int scaleBytes() {
        return switch (header) {
            case NONE -> 0;
            case SCALE_MIN -> 128;
            case SCALE, SUPER_MIN, SUPER_HALF -> 64;
        };
    }

    /** Bytes from one block to the next. */
    public int blockBytes() {
        return scaleBytes() + Activation.BLOCK * ROWS * bits / 8;
    }

    public int chunkBytes(int blocks) {
        return superBytes() + blocks * blockBytes();
    }

    long groupBytes(int cols) {
        int blocks = (cols + Activation.BLOCK - 1) / Activation.BLOCK;
        int rest = blocks % CHUNK_BLOCKS;
        long whole = (long) (blocks / CHUNK_BLOCKS) * chunkBytes(CHUNK_BLOCKS);
        return rest == 0 ? whole : whole + chunkBytes(rest);
    }
}
