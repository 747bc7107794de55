package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class GgufFileTest {
    @TempDir
    Path folder;

    @Test
    void readsATrainedModel() throws Exception {
        try (GgufFile file = GgufFile.open(resource("/stories260k/stories260K-f32.gguf"))) {
            assertThat(file.version()).isEqualTo(3);
            assertThat(file.bytes()).isEqualTo(1054304);
            assertThat(file.metadata().requireString("general.architecture")).isEqualTo("llama");
            assertThat(file.metadata().requireInt("llama.block_count")).isEqualTo(5);
            assertThat(file.metadata().requireFloat("llama.attention.layer_norm_rms_epsilon")).isEqualTo(1e-5f);
            assertThat(file.metadata().requireStrings("tokenizer.ggml.tokens")).hasSize(512)
                    .startsWith("<unk>", "<s>", "</s>", "<0x00>");
            assertThat(file.metadata().optFloats("tokenizer.ggml.scores").orElseThrow()).hasSize(512);
            assertThat(file.metadata().optInts("tokenizer.ggml.token_type").orElseThrow()).startsWith(2, 3, 3, 6);
            assertThat(file.tensors().size()).isEqualTo(47);
            Matrix down = file.matrix("blk.4.ffn_down.weight");
            assertThat(down.rows()).isEqualTo(64);
            assertThat(down.cols()).isEqualTo(172);
            assertThat(file.vector("output_norm.weight")).hasSize(64).doesNotContain(0);
        }
    }

    @Test
    void readsVocabulariesWithoutTensors() throws Exception {
        try (GgufFile file = GgufFile.open(resource("/vocab/ggml-vocab-gpt-2.gguf"))) {
            assertThat(file.tensors()).isEmpty();
            List<String> tokens = file.metadata().requireStrings("tokenizer.ggml.tokens");
            assertThat(tokens).hasSize(50257).startsWith("!", "\"").endsWith("<|endoftext|>");
            assertThat(file.metadata().requireStrings("tokenizer.ggml.merges")).hasSize(50000).startsWith("Ġ t");
        }
        try (GgufFile file = GgufFile.open(resource("/vocab/ggml-vocab-phi-3.gguf"))) {
            assertThat(file.metadata().requireStrings("tokenizer.ggml.tokens")).hasSize(32064).contains("▁the");
        }
    }

    @Test
    void readsVersion2() throws Exception {
        byte[] bytes = RawGguf.claiming(0, 1).key("answer", 42).bytes();
        bytes[4] = 2;
        try (GgufFile file = GgufFile.open(write(bytes))) {
            assertThat(file.version()).isEqualTo(2);
            assertThat(file.metadata().requireInt("answer")).isEqualTo(42);
        }
    }

    @Test
    void namesAreLookedUp() throws Exception {
        try (GgufFile file = GgufFile.open(small())) {
            assertThat(file.tensor("w").orElseThrow().dims()).containsExactly(4, 3, 2);
            assertThat(file.matrix("w").rows()).isEqualTo(6);
            assertThat(file.matrix("v").rows()).isEqualTo(1);
            assertThat(file.findMatrix("x")).isEmpty();
            assertThatThrownBy(() -> file.matrix("x")).isInstanceOf(GgufException.class)
                    .hasMessageContaining("tensor x is missing among 2")
                    .hasMessageContaining("small.gguf");
        }
    }

    @Test
    void tensorsEndWithTheFile() throws Exception {
        GgufFile file = GgufFile.open(small());
        GgufTensor tensor = file.tensor("v").orElseThrow();
        assertThat(tensor.decode()).containsExactly(1, 2, 3);
        file.close();
        assertThatThrownBy(tensor::decode).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closedFileCanBeDeletedAndReplaced() throws Exception {
        Path path = small();
        GgufFile.open(path).close();
        Files.delete(path);
        assertThatThrownBy(() -> GgufFile.open(path)).isInstanceOf(GgufException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void wrongTypesAndMissingKeysAreSentences() throws Exception {
        Path path = folder.resolve("m.gguf");
        new GgufWriter().put("s", GgufValue.of("text"))
                .put("i", GgufValue.of(7))
                .put("f", GgufValue.of(0.5f))
                .put("b", GgufValue.of(true))
                .put("big", new GgufValue.Whole(GgufType.UINT64, -1))
                .put("a", GgufArray.of(1, 2, 3))
                .put("none", GgufArray.ofStrings(List.of()))
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            GgufMetadata metadata = file.metadata();
            assertThatThrownBy(() -> metadata.requireString("nothing")).isInstanceOf(GgufException.class)
                    .hasMessageEndingWith("m.gguf: metadata key nothing is missing; convert the model again");
            assertThatThrownBy(() -> metadata.requireInt("s")).isInstanceOf(GgufException.class)
                    .hasMessageContaining("metadata key s is a string, not a whole number");
            assertThatThrownBy(() -> metadata.requireInt("f")).hasMessageContaining("0.5 (float32)");
            assertThatThrownBy(() -> metadata.requireInt("big")).hasMessageContaining("18446744073709551615 (uint64)");
            assertThatThrownBy(() -> metadata.requireString("i")).hasMessageContaining("7 (uint32), not a string");
            assertThatThrownBy(() -> metadata.requireStrings("a")).hasMessageContaining("3 x int32");
            assertThatThrownBy(() -> metadata.optFloats("b")).hasMessageContaining("true (bool)");
            assertThatThrownBy(() -> metadata.optBool("i")).hasMessageContaining("not a truth value");
            assertThat(metadata.requireFloat("i")).isEqualTo(7);
            assertThat(metadata.optBool("b")).contains(true);
            assertThat(metadata.optString("nothing")).isEmpty();
            assertThat(metadata.optInts("none").orElseThrow()).isEmpty();
            assertThat(metadata.optFloats("a").orElseThrow()).containsExactly(1, 2, 3);
            assertThat(metadata.plain("i")).isEqualTo(7L);
            assertThat(metadata.plain("f")).isEqualTo(0.5f);
            assertThat(metadata.plain("big")).hasToString("18446744073709551615");
        }
    }

    @Test
    void everyValueTypeIsRead() throws Exception {
        byte[] bytes = RawGguf.claiming(0, 13)
                .string("u8")
                .u32(0)
                .u8(255)
                .string("i8")
                .u32(1)
                .u8(255)
                .string("u16")
                .u32(2)
                .u8(255)
                .u8(255)
                .string("i16")
                .u32(3)
                .u8(255)
                .u8(255)
                .string("u32")
                .u32(4)
                .u32(-1)
                .string("i32")
                .u32(5)
                .u32(-1)
                .string("f32")
                .u32(6)
                .u32(Float.floatToRawIntBits(1.5f))
                .string("bool")
                .u32(7)
                .u8(1)
                .string("string")
                .u32(8)
                .string("text")
                .string("array")
                .u32(9)
                .u32(9)
                .u64(2)
                .u32(8)
                .u64(1)
                .string("a")
                .u32(2)
                .u64(2)
                .u32(0x00030002)
                .string("u64")
                .u32(10)
                .u64(-1)
                .string("i64")
                .u32(11)
                .u64(-1)
                .string("f64")
                .u32(12)
                .u64(Double.doubleToRawLongBits(0.1))
                .bytes();
        try (GgufFile file = GgufFile.open(write(bytes))) {
            List<String> shown = new ArrayList<>();
            file.metadata().values().values().forEach(value -> shown.add(value.toString()));
            assertThat(shown).containsExactly("255", "-1", "65535", "-1", "4294967295", "-1", "1.5", "true", "text",
                    "2 x array", "18446744073709551615", "-1", "0.1");
            GgufArray nested = (GgufArray) Objects.requireNonNull(file.metadata().plain("array"));
            assertThat(((GgufArray) nested.get(0)).strings()).containsExactly("a");
            assertThat(((GgufArray) nested.get(1)).whole(1)).isEqualTo(3);
        }
    }

    @Test
    void largeVocabularyIsReadQuickly() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 150_000; i++) {
            tokens.add("token " + i);
        }
        Path path = folder.resolve("large.gguf");
        new GgufWriter().put("tokens", GgufArray.ofStrings(tokens)).write(path);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            try (GgufFile file = GgufFile.open(path)) {
                assertThat(List.copyOf(file.metadata().requireStrings("tokens"))).hasSize(150_000);
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(best / 1e6).isCloseTo(0, within(200.0));
    }

    private Path small() throws Exception {
        Path path = folder.resolve("small.gguf");
        new GgufWriter().tensor("w", List.of(4, 3, 2), new float[24])
                .tensor("v", TensorType.F32, List.of(3), ValueEncoder.segment(new float[]{1, 2, 3}))
                .write(path);
        return path;
    }

    private Path write(byte[] bytes) throws Exception {
        return Files.write(folder.resolve("raw.gguf"), bytes);
    }

    static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(GgufFileTest.class.getResource(name)).toURI());
    }
}
