package dev.kvasir.model.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConfigReaderTest {
    private static final Map<String, Object> LLAMA = Map.of("general.architecture", "llama", "llama.context_length",
            256, "llama.embedding_length", 64, "llama.block_count", 2, "llama.feed_forward_length", 96,
            "llama.attention.head_count", 4, "llama.attention.head_count_kv", 2,
            "llama.attention.layer_norm_rms_epsilon", 1e-5f);

    @Test
    void derivesTheHeadSizeAndTakesTheUsualRope() {
        assertThat(read(LLAMA)).isEqualTo(new ModelConfig("llama", 256, 64, 2, 4, 2, 16, 96, 300, 1e-5f,
                new RopeConfig(RopePairing.INTERLEAVED, 16, 10000, new RopeScaling.None())));
    }

    @Test
    void takesAnExplicitHeadSizeAndPartialRotation() {
        ModelConfig config = read(with("llama.attention.key_length", 32, "llama.attention.value_length", 32,
                "llama.rope.dimension_count", 8));
        assertThat(config.headDim()).isEqualTo(32);
        assertThat(config.queryWidth()).isEqualTo(128);
        assertThat(config.kvWidth()).isEqualTo(64);
        assertThat(config.rope().dim()).isEqualTo(8);
    }

    @Test
    void missingKvHeadsAreAsManyAsQueryHeads() {
        Map<String, Object> metadata = with();
        metadata.remove("llama.attention.head_count_kv");
        assertThat(read(metadata).kvHeads()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attention.head_count", "attention.head_count_kv", "feed_forward_length"})
    void anArrayOfEqualSizesIsTheSize(String key) {
        int size = (Integer) Objects.requireNonNull(LLAMA.get("llama." + key));
        assertThat(read(with("llama." + key, List.of(size, size)))).isEqualTo(read(LLAMA));
        assertThat(read(with("llama." + key, List.of((long) size, (byte) size)))).isEqualTo(read(LLAMA));
    }

    @Test
    void anArrayThatIsNotOneSizeForEachLayerIsRefused() {
        assertThatThrownBy(() -> read(with("llama.feed_forward_length", List.of(96, 48))))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("llama.feed_forward_length is 96 in layer 0 and 48 in layer 1");
        assertThatThrownBy(() -> read(with("llama.feed_forward_length", List.of(96, 96, 96))))
                .hasMessageContaining("an array of 3, not one number for each of the 2 layers");
        assertThatThrownBy(() -> read(with("llama.feed_forward_length", List.of())))
                .hasMessageContaining("an empty array");
        assertThatThrownBy(() -> read(with("llama.feed_forward_length", List.of("96", "96"))))
                .hasMessageContaining("llama.feed_forward_length");
    }

    @Test
    void qwenPairsHalves() {
        var qwen = new HashMap<String, Object>();
        LLAMA.forEach((key, value) -> qwen.put(key.replace("llama", "qwen3"), value));
        qwen.put("general.architecture", "qwen3");
        assertThat(read(qwen).rope().pairing()).isEqualTo(RopePairing.HALVES);
    }

    @Test
    void readsEveryRopeScaling() {
        assertThat(read(with("llama.rope.scaling.type", "none", "llama.rope.scaling.factor", 4f)).rope().scaling())
                .isEqualTo(new RopeScaling.None());
        assertThat(read(with("llama.rope.scaling.type", "linear", "llama.rope.scaling.factor", 4f)).rope().scaling())
                .isEqualTo(new RopeScaling.Linear(4));
        assertThat(read(with("llama.rope.scaling.factor", 4f)).rope().scaling())
                .as("without a type")
                .isEqualTo(new RopeScaling.Linear(4));
        assertThat(read(with("llama.rope.scale_linear", 8f)).rope().scaling())
                .as("the older key")
                .isEqualTo(new RopeScaling.Linear(8));
        assertThat(read(with("llama.rope.scaling.type", "yarn", "llama.rope.scaling.factor", 4f,
                "llama.rope.scaling.original_context_length", 64)).rope().scaling())
                .isEqualTo(new RopeScaling.Yarn(4, 64, 1, 1, 32, 1));
    }

    @Test
    void unsupportedArchitectureIsNamedWithThoseSupported() {
        assertThatThrownBy(() -> read(Map.of("general.architecture", "mamba"))).isInstanceOf(ModelException.class)
                .hasMessage("m.gguf: architecture mamba is not supported; supported are llama, qwen2, qwen3");
    }

    @Test
    void whatCannotBeRunIsASentence() {
        fails("mixture of 8 experts", "llama.expert_count", 8);
        fails("rope scaling longrope is not supported", "llama.rope.scaling.type", "longrope");
        fails("4 query heads cannot share 3", "llama.attention.head_count_kv", 3);
        fails("keys of 32 and values of 16", "llama.attention.key_length", 32, "llama.attention.value_length", 16);
        fails("3 heads do not divide a width of 64", "llama.attention.head_count", 3, "llama.attention.head_count_kv",
                3);
        fails("rope.dimension_count is 7", "llama.rope.dimension_count", 7);
        fails("rope.dimension_count is 18", "llama.rope.dimension_count", 18);
        fails("rope.freq_base is 0.0", "llama.rope.freq_base", 0f);
        fails("block_count is 0, not at least 1", "llama.block_count", 0);
        fails("block_count is -3, not a whole number", "llama.block_count", -3);
        fails("block_count is \"two\", not a whole number", "llama.block_count", "two");
        fails("rope.scaling.type is 1, not a string", "llama.rope.scaling.type", 1);
        fails("rms_epsilon is NaN", "llama.attention.layer_norm_rms_epsilon", Float.NaN);
    }

    @Test
    void missingKeyIsNamed() {
        Map<String, Object> metadata = with();
        metadata.remove("llama.block_count");
        assertThatThrownBy(() -> read(metadata)).isInstanceOf(ModelException.class)
                .hasMessage("m.gguf: metadata key llama.block_count is missing: convert the model again");
    }

    private static void fails(String words, Object... changes) {
        assertThatThrownBy(() -> read(with(changes))).isInstanceOf(ModelException.class).hasMessageContaining(words);
    }

    private static ModelConfig read(Map<String, Object> metadata) {
        return ConfigReader.read("m.gguf", metadata::get, 300);
    }

    private static Map<String, Object> with(Object... changes) {
        var metadata = new HashMap<>(LLAMA);
        for (int i = 0; i < changes.length; i += 2) {
            metadata.put((String) changes[i], changes[i + 1]);
        }
        return metadata;
    }
}
