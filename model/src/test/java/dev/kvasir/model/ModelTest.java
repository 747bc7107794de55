package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.config.ModelException;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.GgufTensor;
import dev.kvasir.model.gguf.GgufWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ModelTest {
    private static final EngineOptions ENGINE = EngineOptions.defaults();

    @Test
    void tellsItsShapeTokenizerAndFile() {
        try (Model model = Stories.load(ENGINE)) {
            assertThat(model.config().layers()).isEqualTo(5);
            assertThat(model.config().contextLength()).isEqualTo(512);
            assertThat(model.tokenizer().orElseThrow().size()).isEqualTo(512);
            assertThat(model.file().metadata().has("general.architecture")).isTrue();
        }
    }

    @Test
    void fileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Model.load(Path.of("no-such.gguf"), ENGINE)).isInstanceOf(ModelException.class)
                .hasMessageContaining("no-such.gguf does not exist");
    }

    @Test
    void truncatedFileIsRefused(@TempDir Path folder) throws Exception {
        byte[] whole = Files.readAllBytes(Oracle.gguf("stories260K"));
        Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> Model.load(cut, ENGINE)).isInstanceOf(ModelException.class)
                .hasMessageContaining("cut.gguf");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            513 | the embedding table has 513 rows and the vocabulary 512 tokens
            511 | the vocabulary has 512 tokens and the embedding table 511 rows, so token 511
            """)
    void eachRowOfTheEmbeddingTableNeedsATokenAndTheOtherWayRound(int rows, String sentence, @TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("rows.gguf");
        try (GgufFile stories = GgufFile.open(Oracle.gguf("stories260K"))) {
            var writer = new GgufWriter();
            stories.metadata().values().forEach(writer::put);
            for (GgufTensor tensor : stories.tensors()) {
                boolean perToken = tensor.rows() == 512 && tensor.name().matches("(token_embd|output)\\.weight");
                List<Integer> dims = perToken ? List.of(tensor.cols(), rows) : tensor.dims();
                writer.tensor(tensor.name(), dims,
                        Arrays.copyOf(tensor.decode(), dims.stream().reduce(1, Math::multiplyExact)));
            }
            writer.write(file);
        }

        assertThatThrownBy(() -> Model.load(file, ENGINE)).isInstanceOf(ModelException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void vocabularyWithoutAModelIsRefused() {
        assertThatThrownBy(() -> Model.load(Oracle.resource("vocab/ggml-vocab-gpt-2.gguf"), ENGINE))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("architecture gpt2 is not supported; supported are llama, qwen2, qwen3");
    }

    @Test
    void cacheTooLargeForTheMachineNamesEveryPart() {
        var options = CacheOptions.FULL.toBuilder().pageSize(128).build();
        try (Model model = Stories.load(ENGINE)) {
            assertThatThrownBy(() -> model.newCache(options, 2_000_000_000, 1, CacheEvents.NONE))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContainingAll("weights", "KV device", "buffers of 1 sequences", "the machine has",
                            "contextTokens");
        }
    }

    @Test
    void unknownEngineIsNamedWithThoseThereAre() {
        assertThatThrownBy(() -> EngineKind.named("gpu")).hasMessage(
                "there is no engine gpu; choose one of vector, reference, tornado, sim");
        assertThat(EngineKind.named("reference")).isEqualTo(EngineKind.REFERENCE);
    }
}
