package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class RandomModelTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void weightsKeepActivationsAtTheirSize(TensorType type) throws Exception {
        try (GgufFile file = write("m", new RandomModel("llama", 64, 1, 512, 4, 2, 128, 768, 300, type, false, 3))) {
            for (String name : List.of("blk.0.attn_q.weight", "blk.0.ffn_down.weight", "output.weight")) {
                GgufTensor tensor = file.tensor(name).orElseThrow();
                assertThat(tensor.type()).isEqualTo(type);
                float[] weights = tensor.decode();
                double sum = 0;
                double squares = 0;
                for (float weight : weights) {
                    sum += weight;
                    squares += weight * weight;
                }
                double deviation = 1 / Math.sqrt(tensor.cols());
                assertThat(sum / weights.length).as(name).isCloseTo(0, within(0.02 * deviation));
                assertThat(Math.sqrt(squares / weights.length)).as(name).isCloseTo(deviation, within(0.02 * deviation));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3"})
    void parametersAreCounted(String architecture) throws Exception {
        for (boolean tied : new boolean[]{true, false}) {
            var model = new RandomModel(architecture, 64, 3, 64, 4, 2, 32, 96, 320, TensorType.Q8_0, tied, 3);
            try (GgufFile file = write(architecture + tied, model)) {
                assertThat(file.tensors().stream().mapToLong(GgufTensor::elements).sum()).isEqualTo(model.parameters());
                assertThat(file.tensor("output.weight").isPresent()).isNotEqualTo(tied);
            }
        }
    }

    @Test
    void sameSeedSameFile() throws Exception {
        var one = new RandomModel("llama", 64, 2, 64, 4, 2, 16, 96, 40_000, TensorType.Q4_0, true, 1);
        var two = new RandomModel("llama", 64, 2, 64, 4, 2, 16, 96, 40_000, TensorType.Q4_0, true, 2);
        write("a", one).close();
        write("b", one).close();
        try (GgufFile a = GgufFile.open(folder.resolve("a")); GgufFile c = write("c", two)) {
            assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
            assertThat(a.vector("token_embd.weight")).isNotEqualTo(c.vector("token_embd.weight"));
        }
    }

    @Test
    void noTwoStretchesOrTensorsAreAlike() throws Exception {
        try (GgufFile file = write("m", new RandomModel("llama", 64, 2, 64, 4, 4, 16, 64, 40_000, TensorType.Q8_0,
                false, 1))) {
            var seen = new HashSet<Long>();
            for (GgufTensor tensor : file.tensors()) {
                for (long at = 2; tensor.type() == TensorType.Q8_0 && at < tensor.data().byteSize(); at += 34) {
                    assertThat(seen.add(tensor.data().get(Cursor.LONG, at))).isTrue();
                }
            }
            assertThat(seen).hasSizeGreaterThan(160_000);
        }
    }

    @Test
    void vocabularyHasSpecialTokensBytesAndDistinctWords() throws Exception {
        try (GgufFile file = write("m", new RandomModel("qwen2", 64, 1, 32, 1, 1, 32, 32, 2000, TensorType.F16, true,
                1))) {
            List<String> tokens = file.metadata().requireStrings("tokenizer.ggml.tokens");
            assertThat(tokens).hasSize(2000).doesNotHaveDuplicates().startsWith("<unk>", "<s>", "</s>", "<0x00>");
            assertThat(tokens.subList(258, 262)).containsExactly("<0xFF>", "▁a", "▁b", "▁c");
            assertThat(tokens.subList(284, 288)).containsExactly("▁z", "▁aa", "▁ab", "▁ac");
            assertThat(file.metadata().optInts("tokenizer.ggml.token_type").orElseThrow()).hasSize(2000)
                    .startsWith(2, 3, 3, 6)
                    .endsWith(1);
        }
    }

    @Test
    void vocabularyOfLlama3sSizeIsInItsForm() throws Exception {
        try (GgufFile file = write("m", new RandomModel("llama", 64, 1, 32, 1, 1, 32, 32, 128_256, TensorType.Q8_0,
                true, 1))) {
            List<String> tokens = file.metadata().requireStrings("tokenizer.ggml.tokens");
            assertThat(tokens).hasSize(128_256).doesNotHaveDuplicates().startsWith("!", "\"");
            assertThat(tokens.subList(256, 259)).containsExactly("\u0120a", "\u0120b", "\u0120c");
            assertThat(tokens.get(128_000)).isEqualTo("<|begin_of_text|>");
            assertThat(tokens.get(128_009)).isEqualTo("<|eot_id|>");
            Tokenizer tokenizer = Tokenizer.from(file);
            String text = "a b \0 caf\u00e9 \ud83d\ude00\n";
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void noQuantIsMinus128() {
        assertThat(RandomBlocks.withoutMinus128(0x80_7f_00_80_81_01_ff_80L)).isEqualTo(0x81_7f_00_81_81_01_ff_81L);
        assertThat(RandomBlocks.withoutMinus128(0x0123456789abcdefL)).isEqualTo(0x0123456789abcdefL);
    }

    @Test
    void impossibleShapesAreSentences() {
        refused("a vocabulary of 258 is too small: choose at least 259", "llama", 4, 2, 16, 258, TensorType.F32);
        refused("4 query heads cannot share 3 key-value heads evenly", "llama", 4, 3, 16, 300, TensorType.F32);
        refused("a head size of 15 is not even", "llama", 4, 2, 15, 300, TensorType.F32);
        refused("rows of 64 are not a whole number of Q4_K blocks of 256", "llama", 4, 2, 16, 300, TensorType.Q4_K);
        refused("architecture mamba is not one of llama, qwen2, qwen3", "mamba", 4, 2, 16, 300, TensorType.F32);
    }

    @Test
    void benchmarkShapes() {
        assertThat(RandomModel.oneBillion(TensorType.Q8_0, 1).parameters()).isEqualTo(1_235_814_400L);
        assertThat(RandomModel.attentionHeavy(TensorType.Q8_0, 1).parameters()).isEqualTo(135_545_856L);
    }

    private static void refused(String message, String architecture, int heads, int kvHeads, int headDim,
            int vocabulary, TensorType type) {
        assertThatThrownBy(() -> new RandomModel(architecture, 64, 1, 64, heads, kvHeads, headDim, 96, vocabulary,
                type, true, 1)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private GgufFile write(String name, RandomModel model) throws Exception {
        model.write(folder.resolve(name), WriteProgress.NONE);
        return GgufFile.open(folder.resolve(name));
    }
}
