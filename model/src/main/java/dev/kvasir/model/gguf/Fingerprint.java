package dev.kvasir.model.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/**
 * Tells models apart without reading all of their bytes: SHA-256 of the file's length, of everything before the tensors
 * (metadata, tokenizer, names, types and shapes), and of 4 KiB at the start, the middle and the end of each tensor. Two
 * trainings or quantisations of one model differ in nearly every block of their weights, so that samples suffice. Only a
 * change of single weights by hand may not be seen. To hash all bytes of a large model would take far longer than to
 * restore a session.
 */
final class Fingerprint {
    private static final int SAMPLE = 4096; // bytes

    private final MessageDigest digest;

    private Fingerprint(MessageDigest digest) {
        this.digest = digest;
    }

    /** The fingerprint of a file, in hexadecimal. */
    static String of(MemorySegment file, Collection<GgufTensor> tensors) {
        try {
            return new Fingerprint(MessageDigest.getInstance("SHA-256")).sum(file, tensors);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String sum(MemorySegment file, Collection<GgufTensor> tensors) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, file.byteSize()));
        long header = tensors.stream()
                .mapToLong(tensor -> tensor.data().address() - file.address())
                .min()
                .orElse(file.byteSize());
        digest.update(file.asSlice(0, header).asByteBuffer());
        for (GgufTensor tensor : tensors) {
            MemorySegment data = tensor.data();
            long sample = Math.min(SAMPLE, data.byteSize());
            digest.update(data.asSlice(0, sample).asByteBuffer());
            digest.update(data.asSlice((data.byteSize() - sample) / 2, sample).asByteBuffer());
            digest.update(data.asSlice(data.byteSize() - sample).asByteBuffer());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
