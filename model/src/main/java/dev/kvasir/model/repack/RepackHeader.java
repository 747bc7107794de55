package dev.kvasir.model.repack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/**
 * The header of a file of packed weights. All numbers are big-endian:
 *
 * <pre>{@code
 * long magic, int length of the body, int CRC-32C of the body
 * body     UTF key, long offset of the contents, long bytes of the contents, int number of matrices, of each:
 *          UTF name, long offset, long bytes
 *          int number of pieces, int CRC-32C of each
 *          int number of scale units, float each
 * zeros to the offset of the contents
 * contents at a multiple of 2 MiB: matrices as PackedMatrix.contents gives them, each at a multiple of 4096
 * }</pre>
 *
 * @param key identifies the model and the layouts, see {@link RepackKey}
 * @param offset start of the contents
 * @param bytes length of the contents
 * @param matrices by their names in the model; offsets are from the start of the contents
 */
record RepackHeader(String key, long offset, long bytes, Map<String, Entry> matrices) {
    /** Bytes of a matrix that share a checksum. */
    static final int PIECE = 4 << 20;

    /** Matrices begin at multiples of this. */
    static final int ALIGNMENT = 4096;

    /** The contents begin at a multiple of this, so that the system can map the file with huge pages. */
    static final int HUGE_PAGE = 2 << 20;

    private static final long MAGIC = 0x4b56_5352_4550_4b31L; // KVSREPK1
    private static final int FIXED = 16;

    /**
     * One packed matrix.
     *
     * @param checksums CRC-32C of each {@link #PIECE}
     */
    record Entry(long offset, long bytes, int[] checksums, float[] scaleUnits) {}

    /** The number of pieces of {@code bytes} bytes. */
    static int pieces(long bytes) {
        return Math.toIntExact((bytes + PIECE - 1) / PIECE);
    }

    /** Piece {@code i} of a matrix. */
    static MemorySegment piece(MemorySegment matrix, int i) {
        long at = (long) i * PIECE;
        return matrix.asSlice(at, Math.min(PIECE, matrix.byteSize() - at));
    }

    /** The next multiple of {@link #ALIGNMENT}. */
    static long aligned(long bytes) {
        return aligned(bytes, ALIGNMENT);
    }

    private static long aligned(long bytes, int to) {
        return (bytes + to - 1) / to * to;
    }

    /** The checksum of some bytes. */
    static int checksum(MemorySegment bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.asByteBuffer());
        return (int) checksum.getValue();
    }

    /** Encodes the header of a file, up to the contents: {@link #offset} bytes. */
    static ByteBuffer write(String key, long bytes, Map<String, Entry> matrices) {
        // numbers have a fixed length, so the value of the offset does not change the length of the body
        long offset = aligned(FIXED + (long) body(key, 0, bytes, matrices).length, HUGE_PAGE);
        byte[] body = body(key, offset, bytes, matrices);
        ByteBuffer header = ByteBuffer.allocate(Math.toIntExact(offset));
        header.putLong(MAGIC).putInt(body.length).putInt(checksum(MemorySegment.ofArray(body))).put(body);
        return header.rewind();
    }

    private static byte[] body(String key, long offset, long bytes, Map<String, Entry> matrices) {
        var body = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(body)) {
            out.writeUTF(key);
            out.writeLong(offset);
            out.writeLong(bytes);
            out.writeInt(matrices.size());
            for (var matrix : matrices.entrySet()) {
                out.writeUTF(matrix.getKey());
                out.writeLong(matrix.getValue().offset());
                out.writeLong(matrix.getValue().bytes());
                out.writeInt(matrix.getValue().checksums().length);
                for (int checksum : matrix.getValue().checksums()) {
                    out.writeInt(checksum);
                }
                out.writeInt(matrix.getValue().scaleUnits().length);
                for (float unit : matrix.getValue().scaleUnits()) {
                    out.writeFloat(unit);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("an array takes all bytes", e);
        }
        return body.toByteArray();
    }

    /**
     * Reads the header of a file and checks all its numbers.
     *
     * @throws IOException if it is damaged; the message names the problem
     */
    static RepackHeader read(MemorySegment file) throws IOException {
        if (file.byteSize() < FIXED) {
            throw new IOException("it has only %d bytes".formatted(file.byteSize()));
        }
        ByteBuffer fixed = file.asSlice(0, FIXED).asByteBuffer();
        if (fixed.getLong() != MAGIC) {
            throw new IOException("it does not begin like a file of packed weights");
        }
        int length = fixed.getInt();
        if (length < 0 || length > file.byteSize() - FIXED) {
            throw new IOException("its header of %d bytes is cut off".formatted(length));
        }
        MemorySegment body = file.asSlice(FIXED, length);
        if (checksum(body) != fixed.getInt()) {
            throw new IOException("the checksum of its header is wrong");
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(body.toArray(JAVA_BYTE)))) {
            return read(in, file.byteSize());
        }
    }

    private static RepackHeader read(DataInputStream in, long fileBytes) throws IOException {
        String key = in.readUTF();
        long offset = in.readLong();
        long bytes = in.readLong();
        if (offset + bytes != fileBytes) {
            throw new IOException("it has %d bytes in place of %d".formatted(fileBytes, offset + bytes));
        }
        Map<String, Entry> matrices = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            long from = in.readLong();
            long length = in.readLong();
            int[] checksums = new int[in.readInt()];
            for (int i = 0; i < checksums.length; i++) {
                checksums[i] = in.readInt();
            }
            float[] scaleUnits = new float[in.readInt()];
            for (int i = 0; i < scaleUnits.length; i++) {
                scaleUnits[i] = in.readFloat();
            }
            if (from < 0 || length < 0 || from > bytes - length || checksums.length != pieces(length)) {
                throw new IOException("%s is not at the offset in the header".formatted(name));
            }
            matrices.put(name, new Entry(from, length, checksums, scaleUnits));
        }
        return new RepackHeader(key, offset, bytes, matrices);
    }
}
