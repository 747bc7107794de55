package dev.kvasir.kernels.page;

/** How keys, values and digests are stored in a frame. */
public enum KvType {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    KvType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
