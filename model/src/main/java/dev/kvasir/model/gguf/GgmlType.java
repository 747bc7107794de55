package dev.kvasir.model.gguf;

import java.util.Map;
import java.util.Optional;

/**
 * A type of tensor elements as its number in a GGUF file names it. Kvasir reads only some of them:
 * {@link dev.kvasir.kernels.tensor.TensorType}.
 *
 * @param id its number
 * @param name its name in llama.cpp; {@code type 99} for a number without one
 * @param blockElements elements of a block; 0 if unknown
 * @param blockBytes bytes of a block; 0 if unknown
 */
record GgmlType(int id, String name, int blockElements, int blockBytes) {
    private static final Map<Integer, GgmlType> UNREAD = Map.ofEntries(
            entry(4, "Q4_2", 16, 10), entry(5, "Q4_3", 16, 12), entry(9, "Q8_1", 32, 36), entry(10, "Q2_K", 256, 84),
            entry(11, "Q3_K", 256, 110), entry(15, "Q8_K", 256, 292), entry(16, "IQ2_XXS", 256, 66),
            entry(17, "IQ2_XS", 256, 74), entry(18, "IQ3_XXS", 256, 98), entry(19, "IQ1_S", 256, 50),
            entry(20, "IQ4_NL", 32, 18), entry(21, "IQ3_S", 256, 110), entry(22, "IQ2_S", 256, 82),
            entry(23, "IQ4_XS", 256, 136), entry(24, "I8", 1, 1), entry(25, "I16", 1, 2), entry(26, "I32", 1, 4),
            entry(27, "I64", 1, 8), entry(28, "F64", 1, 8), entry(29, "IQ1_M", 256, 56), entry(34, "TQ1_0", 256, 54),
            entry(35, "TQ2_0", 256, 66), entry(39, "MXFP4", 32, 17));

    private static Map.Entry<Integer, GgmlType> entry(int id, String name, int blockElements, int blockBytes) {
        return Map.entry(id, new GgmlType(id, name, blockElements, blockBytes));
    }

    /** A type that Kvasir does not read. */
    static GgmlType unread(int id) {
        return Optional.ofNullable(UNREAD.get(id))
                .orElseGet(() -> new GgmlType(id, "type " + Integer.toUnsignedString(id), 0, 0));
    }

    /** Bytes of a tensor, or -1 if they cannot be known. */
    long bytes(long cols, long rows) {
        if (blockElements == 0 || cols % blockElements != 0) {
            return -1;
        }
        long rowBytes = cols / blockElements * blockBytes;
        return rowBytes > Long.MAX_VALUE / Math.max(rows, 1) ? -1 : rowBytes * rows;
    }
}
