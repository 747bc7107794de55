package dev.kvasir.kernels.matrix.vector.pack;

import dev.kvasir.kernels.simd.HalfLift;
import dev.kvasir.kernels.tensor.ActivationType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The input of a matrix product: one or a few tokens' vectors, and the forms of them that packed weights of each kind are
 * multiplied with, derived when one is first needed.
 *
 * <p>Reused for every step: neither {@link #set} nor a product allocates. Not thread-safe while it is set.
 */
public final class Activation {

    public static final int BLOCK = 32;

    private final int maxCols;
    private final int maxTokens;
    private final ActivationType type;

    public final float[] values; // [tokens][cols]: as given, padded with zeros to whole blocks
    public final MemorySegment valueSegment; // the same, for machine code
    public final float[] sums; // [tokens][cols / 32]: of the values
    private boolean summed;

    /** For nibbles in f32. */
    public final float[] scaledBy16; // [tokens][cols]: the values, those of even columns times 16
    public final float[] scaledBy16Sums; // [tokens][cols / 32]
    private boolean isScaledBy16;

    /** For f16 weights, which are not decoded: the values times a power of two ({@link HalfLift}). */
    public final float[] lifted; // [tokens][cols]
    public final float[] unlift; // [tokens]: undoes it
    private boolean isLifted;

    /** For nibbles in whole numbers, the last block zero: see {@code ShortDot}. */
    public final int[] coefficients; // [tokens][cols]: coefficients of the shifted lines, each twice side by side
    public final int[] offsets; // [tokens][cols / 32]: -8 times the sum of a block's whole numbers, twice side by side
    public final float[] scales; // [tokens][cols / 32]: what they are multiples of
    private boolean rounded;

    /** For machine code: see {@link ByteBlocks}. */
    final int[] byteBlocks; // [tokens][cols / 32][16]
    public final MemorySegment byteBlockSegment;
    private boolean roundedToBytes;

    private int cols;
    private int tokens;

    /** Room for {@code maxTokens} vectors of up to {@code maxCols} elements, used as they are. */
    public Activation(int maxTokens, int maxCols) {
        this(maxTokens, maxCols, ActivationType.F32);
    }

    /**
     * Room for {@code maxTokens} vectors of up to {@code maxCols} elements.
     *
     * @param type what 4-bit weights are multiplied with
     */
    public Activation(int maxTokens, int maxCols, ActivationType type) {
        this.maxTokens = maxTokens;
        this.maxCols = maxCols;
        this.type = type;
        int blocks = Math.multiplyExact(maxTokens, (maxCols + BLOCK - 1) / BLOCK);
        int elements = Math.multiplyExact(blocks, BLOCK);
        boolean whole = type == ActivationType.INT8;
        values = new float[elements];
        valueSegment = MemorySegment.ofArray(values);
        sums = new float[blocks];
        scaledBy16 = new float[elements];
        scaledBy16Sums = new float[blocks];
        lifted = new float[elements];
        unlift = new float[maxTokens];
        coefficients = new int[whole ? elements + BLOCK : 0];
        offsets = new int[whole ? blocks + 1 : 0];
        scales = new float[whole ? blocks + 1 : 0];
        byteBlocks = new int[whole ? Math.multiplyExact(blocks, ByteBlocks.INTS) : 0];
        byteBlockSegment = MemorySegment.ofArray(byteBlocks);
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

    public int blocks() {
        return (cols + BLOCK - 1) / BLOCK;
    }

    /** A block of whole numbers that are all zero. */
    public int zeroBlock() {
        return offsets.length - 1;
    }

    /** Whether weights of this layout meet whole numbers. */
    public boolean isWhole(PackLayout layout) {
        return layout.isRounded(type);
    }

    /** Takes one vector, {@code x[offset .. offset + cols)}. */
    public void set(float[] x, int offset, int cols) {
        set(x, offset, cols, 1, cols);
    }

    /**
     * Takes {@code tokens} vectors, that of token {@code t} from {@code x[offset + t * stride]}.
     *
     * @throws IllegalArgumentException if there is no room for them
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
        summed = false;
        isScaledBy16 = false;
        isLifted = false;
        rounded = false;
        roundedToBytes = false;
    }

    /** Derives what {@code NibbleDot} multiplies weights with. */
    public void prepareBytes() {
        if (!roundedToBytes) {
            ByteBlocks.round(values, tokens * blocks(), byteBlocks);
        }
        roundedToBytes = true;
    }

    /** Derives what weights of this layout are multiplied with in Java. */
    public void prepare(PackLayout layout) {
        if (layout == PackLayout.F16) {
            lift();
        }
        if (layout.hasMin() || layout.nibbles() && !isWhole(layout)) {
            sum();
        }
        if (isWhole(layout)) {
            round();
        } else if (layout.nibbles()) {
            scaleBy16();
        }
    }

    private void sum() {
        for (int block = 0; !summed && block < tokens * blocks(); block++) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            for (int i = block * BLOCK; i < (block + 1) * BLOCK; i += 4) {
                a += values[i];
                b += values[i + 1];
                c += values[i + 2];
                d += values[i + 3];
            }
            sums[block] = a + b + (c + d);
        }
        summed = true;
    }

    private void scaleBy16() {
        for (int b = 0; !isScaledBy16 && b < tokens * blocks(); b++) {
            float sum = 0;
            for (int i = b * BLOCK; i < (b + 1) * BLOCK; i += 2) {
                scaledBy16[i] = 16 * values[i];
                scaledBy16[i + 1] = values[i + 1];
                sum += scaledBy16[i] + scaledBy16[i + 1];
            }
            scaledBy16Sums[b] = sum;
        }
        isScaledBy16 = true;
    }

    private void lift() {
        int padded = blocks() * BLOCK;
        for (int t = 0; !isLifted && t < tokens; t++) {
            float lift = HalfLift.of(largest(t * padded, padded));
            for (int i = t * padded; i < (t + 1) * padded; i++) {
                lifted[i] = values[i] * lift;
            }
            unlift[t] = 1 / lift;
        }
        isLifted = true;
    }

    private void round() {
        if (!rounded) {
            RoundedActivation.round(values, tokens * blocks(), coefficients, offsets, scales);
        }
        rounded = true;
    }

    private float largest(int from, int count) {
        float max = 0;
        for (int i = from; i < from + count; i++) {
            max = Math.max(max, Math.abs(values[i]));
        }
        return max;
    }
}
