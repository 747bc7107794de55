package dev.kvasir.kvcache.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The header of a section of saved bytes. Numbers are little-endian:
 *
 * <pre>
 * 28 bytes  the name, filled up with zeros
 *  8 bytes  the length of the contents, checksums not counted
 *  4 bytes  CRC-32C of the bytes before
 * contents  in runs of 1 MiB, the last one shorter; behind each run 4 bytes with its CRC-32C
 * </pre>
 */
record Section(String name, long bytes) {
    /** Bytes that share a checksum. */
    static final int RUN = 1 << 20;
    /** Bytes of a header. */
    static final int HEADER = 40;

    private static final int NAME = 28;

    /** Runs of the contents. */
    int runs() {
        return (int) ((bytes + RUN - 1) / RUN);
    }

    /** Bytes of contents and checksums. */
    long stored() {
        return bytes + (long) runs() * Integer.BYTES;
    }

    /** The bytes of the header. */
    ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(name.getBytes(StandardCharsets.US_ASCII));
        return header.putLong(NAME, bytes).putInt(HEADER - Integer.BYTES, checksum(header)).position(0);
    }

    /**
     * Reads a header.
     *
     * @param at its place, for the message
     * @throws StateException if its checksum is wrong
     */
    static Section of(ByteBuffer header, long at) {
        header.order(ByteOrder.LITTLE_ENDIAN);
        long bytes = header.getLong(NAME);
        if (header.getInt(HEADER - Integer.BYTES) != checksum(header) || bytes < 0 || bytes > (long) RUN << 30) {
            throw new StateException("bytes %d to %d, the header of a section, have changed since they were written"
                    .formatted(at, at + HEADER - 1));
        }
        byte[] name = new byte[NAME];
        header.get(0, name);
        return new Section(new String(name, StandardCharsets.US_ASCII).replace("\0", ""), bytes);
    }

    private static int checksum(ByteBuffer header) {
        var checksum = new CRC32C();
        checksum.update(header.duplicate().position(0).limit(HEADER - Integer.BYTES));
        return (int) checksum.getValue();
    }
}
