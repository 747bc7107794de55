package dev.kvasir.kernels.vector;

import java.util.Arrays;

/**
 * The input of a matrix product: one or a few tokens' vectors, with what all the matrices they are multiplied with want
 * to know of them.
 *
 * <p>Reused for every step: {@link #set} allocates nothing. Not thread-safe while it is set.
 */
public final class Activation {

    static final int BLOCK = 32;

    private final int maxCols;
    private final int maxTokens;

    final float[] values; // [tokens][cols]: as given, padded with zeros to whole blocks
    final float[] steep; // [tokens][cols]: the values, those of odd columns times 16
    final float[] sums; // [tokens][cols / 32]: of the values
    final float[] steepSums; // [tokens][cols / 32]: of the steep values

    private int cols;
    private int tokens;

    /** Room for {@code maxTokens} vectors of up to {@code maxCols} elements. */
    public Activation(int maxTokens, int maxCols) {
        this.maxTokens = maxTokens;
        this.maxCols = maxCols;
        int blocks = Math.multiplyExact(maxTokens, (maxCols + BLOCK - 1) / BLOCK);
        values = new float[Math.multiplyExact(blocks, BLOCK)];
        steep = new float[values.length];
        sums = new float[blocks];
        steepSums = new float[blocks];
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
            float even = 0;
            float odd = 0;
            for (int i = b * BLOCK; i < (b + 1) * BLOCK; i += 2) {
                steep[i] = values[i];
                steep[i + 1] = 16 * values[i + 1];
                even += values[i];
                odd += values[i + 1];
            }
            sums[b] = even + odd;
            steepSums[b] = even + 16 * odd;
        }
    }
}
