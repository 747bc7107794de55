package dev.kvasir.model.config;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link ModelConfig} from the metadata of a GGUF file.
 *
 * <p>{@code attention.sliding_window} (Mistral 0.1) is ignored, as in llama.cpp: such a model runs with full attention.
 * The cache policy decides which part of the past is attended.
 */
public final class ConfigReader {
    /** The supported architectures, each with its pairing of the elements of a head. */
    private static final Map<String, RopePairing> ARCHITECTURES = new TreeMap<>(Map.of(
            "llama", RopePairing.INTERLEAVED, "qwen2", RopePairing.HALVES, "qwen3", RopePairing.HALVES));

    private final Keys keys;
    private final String source;
    private final String architecture;

    private ConfigReader(String source, Function<String, @Nullable Object> metadata) {
        this.source = source;
        keys = new Keys(source, metadata);
        architecture = keys.string("general.architecture");
    }

    /**
     * The shape of a model.
     *
     * @param source the file's name, for messages
     * @param metadata returns the value of a key: a {@code String}, a {@code Number}, or null if the file has none
     * @param vocabulary number of tokens in the embedding table
     * @throws ModelException if the architecture is not supported, or a key is missing or has an impossible value
     */
    public static ModelConfig read(String source, Function<String, @Nullable Object> metadata, int vocabulary) {
        return new ConfigReader(source, metadata).read(vocabulary);
    }

    private ModelConfig read(int vocabulary) {
        RopePairing pairing = ARCHITECTURES.get(architecture);
        if (pairing == null) {
            throw new ModelException("%s: architecture %s is not supported; supported are %s".formatted(source,
                    architecture, String.join(", ", ARCHITECTURES.keySet())));
        }
        if (keys.number(key("expert_count"), 0) > 0) {
            throw new ModelException(
                    "%s: a mixture of %d experts is not supported; choose a dense model of architecture %s"
                            .formatted(source, keys.number(key("expert_count"), 0), architecture));
        }
        int width = keys.size(key("embedding_length"));
        int heads = keys.size(key("attention.head_count"));
        int kvHeads = keys.size(key("attention.head_count_kv"), heads);
        if (heads % kvHeads != 0) {
            throw new ModelException(
                    "%s: %d query heads cannot share %d key-value heads evenly: convert the model again"
                            .formatted(source, heads, kvHeads));
        }
        int headDim = headDim(width, heads);
        return new ModelConfig(architecture, keys.size(key("context_length")), width, keys.size(key("block_count")),
                heads, kvHeads, headDim, keys.size(key("feed_forward_length")), vocabulary,
                keys.real(key("attention.layer_norm_rms_epsilon")),
                new RopeConfig(pairing, ropeDim(headDim), ropeBase(), scaling()));
    }

    private int headDim(int width, int heads) {
        if (!keys.has(key("attention.key_length")) && width % heads != 0) {
            throw new ModelException(
                    "%s: %d heads do not divide a width of %d, and %s is missing: convert the model again"
                            .formatted(source, heads, width, key("attention.key_length")));
        }
        int keyLength = keys.size(key("attention.key_length"), Math.max(1, width / heads));
        int valueLength = keys.size(key("attention.value_length"), keyLength);
        if (keyLength != valueLength) {
            throw new ModelException("%s: keys of %d and values of %d elements are not supported: they must be equal"
                    .formatted(source, keyLength, valueLength));
        }
        return keyLength;
    }

    private int ropeDim(int headDim) {
        int dim = keys.size(key("rope.dimension_count"), headDim);
        if (dim > headDim || dim % 2 != 0) {
            throw keys.wrong(key("rope.dimension_count"), dim, "an even number up to the head size " + headDim);
        }
        return dim;
    }

    private float ropeBase() {
        float base = keys.real(key("rope.freq_base"), 10000);
        if (base <= 1) {
            throw keys.wrong(key("rope.freq_base"), base, "more than 1");
        }
        return base;
    }

    /** A factor without a type means linear scaling, as in files from before there were types. */
    private RopeScaling scaling() {
        String type = keys.string(key("rope.scaling.type"), "linear");
        String factorKey = key(keys.has(key("rope.scaling.factor")) ? "rope.scaling.factor" : "rope.scale_linear");
        float factor = keys.real(factorKey, 0);
        if (factor < 0) {
            throw keys.wrong(factorKey, factor, "0 (none) or more");
        }
        // files write 0 for "none"
        float stretch = factor == 0 ? 1 : factor;
        return switch (type) {
            case "none" -> new RopeScaling.None();
            case "linear" -> stretch == 1 ? new RopeScaling.None() : new RopeScaling.Linear(stretch);
            case "yarn" -> yarn(stretch);
            default -> throw new ModelException(
                    "%s: rope scaling %s is not supported; supported are none, linear, yarn, and Llama 3's rope_freqs.weight"
                            .formatted(source, type));
        };
    }

    private RopeScaling yarn(float factor) {
        if (keys.real(key("rope.scaling.yarn_log_multiplier"), 0) != 0) {
            throw new ModelException("%s: %s is not supported; choose a model without it".formatted(source,
                    key("rope.scaling.yarn_log_multiplier")));
        }
        return new RopeScaling.Yarn(factor,
                keys.size(key("rope.scaling.original_context_length"), keys.size(key("context_length"))),
                keys.real(key("rope.scaling.attn_factor"), 1), keys.real(key("rope.scaling.yarn_ext_factor"), 1),
                keys.real(key("rope.scaling.yarn_beta_fast"), 32), keys.real(key("rope.scaling.yarn_beta_slow"), 1));
    }

    private String key(String name) {
        return architecture + "." + name;
    }
}
