package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model of a given shape with random weights, for measurements. Its text is noise, but its speed and memory are real.
 * The same seed gives the same file on every machine.
 *
 * @param architecture {@code llama}, {@code qwen2} or {@code qwen3}
 * @param vocabulary number of tokens, at least 259
 * @param type type of the matrices; vectors are F32
 * @param tied whether the embedding table is also the output matrix
 */
public record RandomModel(
        String architecture,
        int context,
        int layers,
        int width,
        int heads,
        int kvHeads,
        int headDim,
        int feedForward,
        int vocabulary,
        TensorType type,
        boolean tied,
        long seed) {
    private static final Set<String> ARCHITECTURES = Set.of("llama", "qwen2", "qwen3");
    /** Standard deviation of qwen2's biases. */
    private static final double BIAS_DEVIATION = 0.1;

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if no model can have it; the message names the sizes that do not fit together
     */
    public RandomModel {
        require(ARCHITECTURES.contains(architecture), "architecture %s is not one of llama, qwen2, qwen3",
                architecture);
        require(context > 0 && layers > 0 && width > 0 && heads > 0 && kvHeads > 0 && headDim > 0 && feedForward > 0,
                "context %d, %d layers, width %d, %d heads on %d of %d, feed-forward %d: all must be 1 or more",
                context,
                layers, width, heads, kvHeads, headDim, feedForward);
        require(heads % kvHeads == 0, "%d query heads cannot share %d key-value heads evenly", heads, kvHeads);
        require(headDim % 2 == 0, "a head size of %d is not even", headDim);
        require(vocabulary >= RandomVocabulary.MIN_SIZE, "a vocabulary of %d is too small: choose at least %d",
                vocabulary,
                RandomVocabulary.MIN_SIZE);
        for (long cols : new long[]{width, (long) heads * headDim, feedForward}) {
            require(cols <= 1 << 24 && cols % type.blockElements() == 0,
                    "rows of %d are not a whole number of %s blocks of %d",
                    cols, type, type.blockElements());
        }
    }

    /** The shape of Llama 3.2 1B: 1.24 billion weights. */
    public static RandomModel oneBillion(TensorType type, long seed) {
        return new RandomModel("llama", 131072, 16, 2048, 32, 8, 64, 8192, 128256, type, true, seed);
    }

    /**
     * A shape whose time at long context is mostly attention, because no query heads share keys. 128 million weights.
     */
    public static RandomModel attentionHeavy(TensorType type, long seed) {
        return new RandomModel("llama", 131072, 8, 1024, 16, 16, 64, 2816, 32000, type, true, seed);
    }

    /** The number of weights of the model. */
    public long parameters() {
        double queryWidth = (double) heads * headDim; // in double: the sizes alone are below 2^53, their product may not be
        double kvWidth = (double) kvHeads * headDim;
        double layer = 2 * width * queryWidth + 2 * width * kvWidth + 3.0 * width * feedForward + 2.0 * width;
        double extra = switch (architecture) {
            case "qwen2" -> queryWidth + 2 * kvWidth;
            case "qwen3" -> 2.0 * headDim;
            default -> 0;
        };
        return (long) (layers * (layer + extra) + (tied ? 1.0 : 2.0) * vocabulary * width + width);
    }

    /**
     * Writes the model.
     *
     * @return bytes of the file
     * @throws GgufException if it cannot be written, or the disk has no room for it
     */
    public long write(Path target, WriteProgress progress) throws GgufException {
        checkRoom(target);
        var writer = new GgufWriter();
        putShape(writer);
        RandomVocabulary.put(writer, vocabulary);
        // A tied table is also the output matrix, and logits must not grow with the width.
        matrix(writer, "token_embd.weight", width, vocabulary, tied ? 1 / Math.sqrt(width) : 1);
        for (int i = 0; i < layers; i++) {
            layer(writer, "blk." + i + ".");
        }
        ones(writer, "output_norm.weight", width);
        if (!tied) {
            linear(writer, "output.weight", width, vocabulary);
        }
        return writer.write(target, progress);
    }

    private void checkRoom(Path target) throws GgufException {
        double bytes = (double) parameters() / type.blockElements() * type.blockBytes();
        long free = Optional.ofNullable(target.toAbsolutePath().getParent())
                .map(folder -> folder.toFile().getUsableSpace())
                .orElse(0L);
        if (free > 0 && bytes > free) {
            throw new GgufException("%s would take %.1f GiB, and its disk has %.1f GiB free: choose a smaller shape"
                    .formatted(target, bytes / (1 << 30), (double) free / (1 << 30)));
        }
    }

    private void putShape(GgufWriter writer) {
        String prefix = architecture + ".";
        writer.put("general.architecture", GgufValue.of(architecture))
                .put("general.name", GgufValue.of("random %s, seed %d".formatted(architecture, seed)))
                .put(prefix + "context_length", GgufValue.of(context))
                .put(prefix + "embedding_length", GgufValue.of(width))
                .put(prefix + "block_count", GgufValue.of(layers))
                .put(prefix + "feed_forward_length", GgufValue.of(feedForward))
                .put(prefix + "attention.head_count", GgufValue.of(heads))
                .put(prefix + "attention.head_count_kv", GgufValue.of(kvHeads))
                .put(prefix + "attention.key_length", GgufValue.of(headDim))
                .put(prefix + "attention.value_length", GgufValue.of(headDim))
                .put(prefix + "attention.layer_norm_rms_epsilon", GgufValue.of(1e-5f))
                .put(prefix + "rope.dimension_count", GgufValue.of(headDim))
                .put(prefix + "rope.freq_base", GgufValue.of(500000f))
                .put(prefix + "vocab_size", GgufValue.of(vocabulary));
        FileTypes.put(writer, type);
    }

    private void layer(GgufWriter writer, String layer) {
        int queryWidth = heads * headDim;
        int kvWidth = kvHeads * headDim;
        ones(writer, layer + "attn_norm.weight", width);
        linear(writer, layer + "attn_q.weight", width, queryWidth);
        linear(writer, layer + "attn_k.weight", width, kvWidth);
        linear(writer, layer + "attn_v.weight", width, kvWidth);
        linear(writer, layer + "attn_output.weight", queryWidth, width);
        switch (architecture) {
            case "qwen2" -> {
                bias(writer, layer + "attn_q.bias", queryWidth);
                bias(writer, layer + "attn_k.bias", kvWidth);
                bias(writer, layer + "attn_v.bias", kvWidth);
            }
            case "qwen3" -> {
                ones(writer, layer + "attn_q_norm.weight", headDim);
                ones(writer, layer + "attn_k_norm.weight", headDim);
            }
            default -> {
            }
        }
        ones(writer, layer + "ffn_norm.weight", width);
        linear(writer, layer + "ffn_gate.weight", width, feedForward);
        linear(writer, layer + "ffn_up.weight", width, feedForward);
        linear(writer, layer + "ffn_down.weight", feedForward, width);
    }

    /** Weights that keep the standard deviation of activations at 1. */
    private void linear(GgufWriter writer, String name, int cols, int rows) {
        matrix(writer, name, cols, rows, 1 / Math.sqrt(cols));
    }

    private void matrix(GgufWriter writer, String name, int cols, int rows, double deviation) {
        random(writer, name, type, List.of(cols, rows), deviation);
    }

    private void bias(GgufWriter writer, String name, int size) {
        random(writer, name, TensorType.F32, List.of(size), BIAS_DEVIATION);
    }

    private void random(GgufWriter writer, String name, TensorType type, List<Integer> dims, double deviation) {
        int rows = dims.size() > 1 ? dims.getLast() : 1;
        long tensorSeed = mix(seed, name.hashCode());
        writer.tensor(name, type, dims, new RowStream(rows, type.bytes(dims.getFirst()), (firstRow, count,
                target) -> new RandomBlocks(type, deviation, mix(tensorSeed, firstRow)).fill(
                        target.asSlice(0, count * type.bytes(dims.getFirst())))));
    }

    private static void ones(GgufWriter writer, String name, int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        writer.tensor(name, List.of(size), ones);
    }

    /** A separate seed for part {@code index}. Similar seeds and indices give very different results. */
    private static long mix(long seed, int index) {
        long z = seed * 0x9e3779b97f4a7c15L + index;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        return z ^ z >>> 31;
    }

    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
