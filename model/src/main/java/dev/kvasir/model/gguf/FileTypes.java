package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;

/** The metadata for the type of most weights. */
final class FileTypes {
    private static final String FILE_TYPE_KEY = "general.file_type";
    private static final String QUANTIZATION_KEY = "general.quantization_version";
    private static final int QUANTIZATION_VERSION = 2;

    private FileTypes() {}

    static void put(GgufWriter writer, TensorType type) {
        writer.put(FILE_TYPE_KEY, GgufValue.of(number(type)));
        if (type.isQuantized()) {
            writer.put(QUANTIZATION_KEY, GgufValue.of(QUANTIZATION_VERSION));
        }
    }

    private static int number(TensorType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4_0 -> 2;
            case Q4_1 -> 3;
            case Q8_0 -> 7;
            case Q5_0 -> 8;
            case Q5_1 -> 9;
            case Q4_K -> 14;
            case Q5_K -> 16;
            case Q6_K -> 18;
            case BF16 -> 32;
        };
    }
}
