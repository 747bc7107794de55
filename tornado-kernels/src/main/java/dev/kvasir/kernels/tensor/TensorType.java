package dev.kvasir.kernels.tensor;

/**
 * The element types of GGUF tensors that Kvasir reads. A tensor row is a run of blocks; a block holds
 * {@link #blockElements} elements in {@link #blockBytes} bytes, little-endian.
 */
public enum TensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    private final int id;
    private final int blockElements;
    private final int blockBytes;

    TensorType(int id, int blockElements, int blockBytes) {
        this.id = id;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** The number that stands for this type in a GGUF file. */
    public int id() {
        return id;
    }

    /** Elements in one block. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether elements share a scale, so that a row must be decoded block by block. */
    public boolean isQuantized() {
        return blockElements > 1;
    }

    /**
     * Bytes of a run of {@code elements}.
     *
     * @throws IllegalArgumentException if the run is not a whole number of blocks
     * @throws ArithmeticException if the size does not fit a {@code long}
     */
    public long bytes(long elements) {
        if (elements < 0 || elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    "%d elements are not a whole number of %s blocks of %d".formatted(elements, this, blockElements));
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }
}
