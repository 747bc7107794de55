package dev.kvasir.kernels.page;

/**
 * The shape of a page frame: the keys and values of {@code pageSize} consecutive tokens of one layer, for the
 * {@code heads} KV heads of one selection group.
 *
 * <p>Head-major, so that everything one head needs is one run of bytes; keys with tokens innermost, so that the lanes
 * of a vector are tokens when scores are computed; values with dimensions innermost, so that lanes are dimensions when
 * values are summed:
 *
 * <pre>{@code
 * frame   [heads] { key [headDim][pageSize]; value [pageSize][headDim] }
 * }</pre>
 *
 * A frame can also hold digests of {@code pageSize} pages, again one head after the other in the same bytes, as
 * {@code [heads] { row [digestRows][pageSize] }}; digests of more rows go on in a second frame, and so on: see
 * {@code DigestKind.frames}.
 *
 * @param pageSize tokens in a page, a power of two from 4 to 128
 * @param heads KV heads in one selection group
 * @param headDim elements of one key
 */
public record PageGeometry(int pageSize, int heads, int headDim, KvType type) {

    public PageGeometry {
        if (pageSize < 4 || pageSize > 128 || Integer.bitCount(pageSize) != 1) {
            throw new IllegalArgumentException(
                    "page size %d is no power of two from 4 to 128".formatted(pageSize));
        }
        if (heads < 1 || headDim < 1) {
            throw new IllegalArgumentException("%d heads of %d dimensions make no page".formatted(heads, headDim));
        }
    }

    /** Bytes of one head in a frame: its keys and values. */
    public long headBytes() {
        return 2L * pageSize * headDim * type.bytes();
    }

    /** Bytes of a frame. */
    public long frameBytes() {
        return heads * headBytes();
    }

    /** Byte offset of element {@code d} of the key of token {@code slot}, within the frame. */
    public long keyOffset(int head, int slot, int d) {
        return head * headBytes() + ((long) d * pageSize + slot) * type.bytes();
    }

    /** Byte offset of element {@code d} of the value of token {@code slot}, within the frame. */
    public long valueOffset(int head, int slot, int d) {
        return head * headBytes() + ((long) (pageSize + slot) * headDim + d) * type.bytes();
    }

    /** Rows of digests that a frame has room for. */
    public int digestRows() {
        return 2 * headDim;
    }

    /** Byte offset of row {@code row < digestRows} of the digest of the page in lane {@code lane}, within a digest frame. */
    public long digestOffset(int head, int row, int lane) {
        return head * headBytes() + ((long) row * pageSize + lane) * type.bytes();
    }
}
