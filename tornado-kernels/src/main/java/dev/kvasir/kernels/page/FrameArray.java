package dev.kvasir.kernels.page;

import java.lang.foreign.MemorySegment;

/**
 * Page frames one after the other in one segment, each starting on a cache line. A segment may be larger than 2 GiB.
 *
 * @param memory at least {@link #bytes(PageGeometry, int)} bytes
 * @param count number of frames
 */
public record FrameArray(PageGeometry geometry, MemorySegment memory, int count) {
    /** Every frame starts at a multiple of this many bytes. */
    public static final int ALIGNMENT = 64;

    public FrameArray {
        long needed = bytes(geometry, count);
        if (memory.byteSize() < needed) {
            throw new IllegalArgumentException("%d frames of %d bytes need %d bytes; the memory given has %d".formatted(
                    count, stride(geometry), needed, memory.byteSize()));
        }
    }

    /** Bytes from one frame to the next: a frame and its padding. */
    public static long stride(PageGeometry geometry) {
        return (geometry.frameBytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Bytes that {@code count} frames take. */
    public static long bytes(PageGeometry geometry, int count) {
        return Math.multiplyExact(stride(geometry), count);
    }

    /**
     * Byte offset of a frame in {@link #memory}.
     *
     * @throws IndexOutOfBoundsException if there is no such frame
     */
    public long offset(int frame) {
        if (frame < 0 || frame >= count) {
            throw new IndexOutOfBoundsException("frame %d is not one of the %d there are".formatted(frame, count));
        }
        return frame * stride(geometry);
    }

    /**
     * Byte offset of a number of a page's digest.
     *
     * @param digestFrames {@code [pages / pageSize][framesEach]}
     * @param framesEach {@code DigestKind.frames}
     * @param row of {@code DigestKind.rows}
     */
    public long digestOffset(int[] digestFrames, int framesEach, int page, int head, int row) {
        int rows = geometry.digestRows();
        int at = page / geometry.pageSize() * framesEach + row / rows;
        return offset(digestFrames[at]) + geometry.digestOffset(head, row % rows, page % geometry.pageSize());
    }

    /** Byte offset of the keys and values of one head of a frame. */
    public long headOffset(int frame, int head) {
        return offset(frame) + head * geometry.headBytes();
    }
}
