package dev.kvasir.kernels.matrix.vector.pack;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Tells packed weights of one layout from those of another without a version that somebody must remember to raise: the
 * checksum of a small packed matrix. It differs with the vector width, too, which decides the order of
 * rows.
 */
public final class PackFingerprint {

    private static final int ROWS = PackLayout.ROWS + 1; // a whole group and the start of another
    private static final int MAX_BYTE = 0x3f; // scales stay finite whatever their type

    private PackFingerprint() {}

    /** The fingerprint of one type's layout in this JVM. */
    public static int of(TensorType type) {
        int cols = PackLayout.CHUNK + (type.blockElements() > Activation.BLOCK ? PackLayout.CHUNK : Activation.BLOCK);
        byte[] bytes = new byte[Math.toIntExact(ROWS * type.bytes(cols))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 0x9E3779B1 >>> 20) & MAX_BYTE);
        }
        CRC32C checksum = new CRC32C();
        try (Workers alone = new Workers(1);
                PackedMatrix packed = PackedMatrix.pack(new Matrix(type, MemorySegment.ofArray(bytes), ROWS, cols),
                        alone)) {
            checksum.update(packed.contents().asByteBuffer());
            ByteBuffer units = ByteBuffer.allocate(2 * Integer.BYTES * packed.groups() + Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(Lanes.bits());
            for (float unit : packed.scaleUnits()) {
                units.putFloat(unit);
            }
            checksum.update(units.flip());
        }
        return (int) checksum.getValue();
    }
}
