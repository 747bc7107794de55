package dev.kvasir.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The input of a matrix product: one or a few tokens' vectors, quantised once for all the matrices they are multiplied
 * with. Per block of 32 elements {@code x ~ scale * q} with {@code scale = max|x| / 127} and whole {@code q} in
 * [-127, 127], ties to even.
 *
 * <p>Reused for every step: {@link #set} allocates nothing. Not thread-safe while it is set.
 */
public final class Activation {

    static final int BLOCK = 32;
    /** Factors kept for two columns of 8-bit weights: see {@link IntegerDot#bytes}. */
    static final int BYTE_FACTORS = 3;

    // Below this a block is taken for zero, because 127 / max|x| would no longer be finite.
    private static final float SMALLEST = 1e-30f;
    // Adding 1.5 * 2^23 leaves the whole number, ties to even, in the low bits of the sum.
    private static final float ROUNDER = 12582912f;

    private final int maxCols;
    private final int maxTokens;
    private final int[] q = new int[BLOCK];

    final int[] byteFactors; // [tokens][cols / 2][3]
    final int[] nibbleFactors; // [tokens][cols]
    final float[] scales; // [tokens][cols / 32]
    final float[] scaledSums; // [tokens][cols / 32]: scale * sum of q
    final int[] sums; // [tokens][cols / 32]: of q
    final float[] values; // [tokens][cols]: as given, padded with zeros to whole blocks

    private int cols;
    private int tokens;

    /** Room for {@code maxTokens} vectors of up to {@code maxCols} elements. */
    public Activation(int maxTokens, int maxCols) {
        this.maxTokens = maxTokens;
        this.maxCols = maxCols;
        int blocks = Math.multiplyExact(maxTokens, (maxCols + BLOCK - 1) / BLOCK);
        int size = Math.multiplyExact(blocks, BLOCK);
        byteFactors = new int[Math.multiplyExact(size / 2, BYTE_FACTORS)];
        nibbleFactors = new int[size];
        scales = new float[blocks];
        scaledSums = new float[blocks];
        sums = new int[blocks];
        values = new float[size];
    }

    /** Elements of one vector. */
    public int cols() {
        return cols;
    }

    /** Vectors held. */
    public int tokens() {
        return tokens;
    }

    /** Vectors there is room for. */
    public int maxTokens() {
        return maxTokens;
    }

    int blocks() {
        return (cols + BLOCK - 1) / BLOCK;
    }

    /** Takes one vector, {@code x[offset .. offset + cols)}. */
    public void set(float[] x, int offset, int cols) {
        set(x, offset, cols, 1, cols);
    }

    /**
     * Takes {@code tokens} vectors, that of token {@code t} from {@code x[offset + t * stride]}.
     *
     * @throws IllegalArgumentException if there is no room for so many
     */
    public void set(float[] x, int offset, int stride, int tokens, int cols) {
        if (tokens < 1 || tokens > maxTokens || cols < 1 || cols > maxCols) {
            throw new IllegalArgumentException("%d vectors of %d elements do not fit room made for %d of %d".formatted(
                    tokens, cols, maxTokens, maxCols));
        }
        this.cols = cols;
        this.tokens = tokens;
        int padded = blocks() * BLOCK;
        for (int t = 0; t < tokens; t++) {
            System.arraycopy(x, offset + t * stride, values, t * padded, cols);
            Arrays.fill(values, t * padded + cols, (t + 1) * padded, 0f);
        }
        int blocks = tokens * blocks();
        for (int b = 0; b < blocks; b++) {
            quantize(b);
            factors(b);
        }
    }

    private void quantize(int block) {
        int from = block * BLOCK;
        FloatVector largest = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < BLOCK; i += Lanes.FLOATS.length()) {
            largest = largest.max(FloatVector.fromArray(Lanes.FLOATS, values, from + i).abs());
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        float inverse = max < SMALLEST ? 0f : 127f / max;
        IntVector sum = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < BLOCK; i += Lanes.FLOATS.length()) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, values, from + i);
            IntVector rounded = x.mul(inverse)
                    .add(ROUNDER)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL,
                            24)
                    .lanewise(VectorOperators.ASHR, 24);
            sum = sum.add(rounded);
            rounded.intoArray(q, i);
        }
        float scale = max < SMALLEST ? 0f : max / 127f;
        int total = sum.reduceLanes(VectorOperators.ADD);
        scales[block] = scale;
        sums[block] = total;
        scaledSums[block] = scale * total;
    }

    // Plain loops: the compiler makes vectors of them as far as it pays.
    private void factors(int block) {
        int at = block * BLOCK;
        for (int i = 0; i < BLOCK; i += 4) {
            nibbleFactors[at + i] = twice(q[i]);
            nibbleFactors[at + i + 1] = twice(q[i + 1] - 16 * q[i]);
            nibbleFactors[at + i + 2] = twice(q[i + 2] - 16 * q[i + 1]);
            nibbleFactors[at + i + 3] = twice(q[i + 3] - 16 * q[i + 2]);
        }
        int pair = block * (BLOCK / 2) * BYTE_FACTORS;
        for (int i = 0; i < BLOCK; i += 2, pair += BYTE_FACTORS) {
            byteFactors[pair] = twice(q[i]);
            byteFactors[pair + 1] = twice(q[i + 1] - 256 * q[i]);
            byteFactors[pair + 2] = twice(0x8000 - 128 * q[i]);
        }
    }

    private static int twice(int factor) {
        return factor << 16 | factor & 0xffff;
    }
}
