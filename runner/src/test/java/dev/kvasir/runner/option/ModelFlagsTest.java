package dev.kvasir.runner.option;

import dev.kvasir.lab.Nearest;
import dev.kvasir.model.FailureException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ModelFlagsTest {
    @TempDir
    private Path folder;

    @Test
    void aPathIsTakenAsItIs() throws Exception {
        Path file = Files.createFile(folder.resolve("my model.gguf"));

        assertThat(ModelFlags.named(file.toString(), Map.of())).isEqualTo(file);
    }

    @Test
    void aBareNameIsLookedUpInTheFolderOfModels() throws Exception {
        Path file = Files.createFile(folder.resolve("llama-3.gguf"));
        var environment = Map.of("KVASIR_MODELS", folder.toString());

        assertThat(List.of(ModelFlags.named("llama-3", environment), ModelFlags.named("llama-3.gguf", environment)))
                .containsOnly(file);
    }

    @Test
    void aWrongNameIsAnsweredWithTheNearest() throws Exception {
        Files.createFile(folder.resolve("llama-3.gguf"));

        assertThatThrownBy(() -> ModelFlags.named("lama-3", Map.of("KVASIR_MODELS", folder.toString())))
                .isInstanceOf(FailureException.class)
                .hasMessageEndingWith("did you mean llama-3?");
    }

    @Test
    void aMissingFileIsASentence() {
        assertThatThrownBy(() -> ModelFlags.named("no/such.gguf", Map.of())).isInstanceOf(FailureException.class)
                .hasMessage("there is no model file no/such.gguf: check the path");
    }

    @Test
    void aFolderIsNoModel() {
        assertThatThrownBy(() -> ModelFlags.named(folder.toString(), Map.of())).isInstanceOf(FailureException.class)
                .hasMessageContaining("is a folder");
    }

    @Test
    void nearestNamesAreNear() {
        assertThat(Nearest.to("arkvael", List.of("full", "streaming-llm", "arkvale"))).hasValue("arkvale");
        assertThat(Nearest.to("streaming", List.of("full", "streaming-llm", "arkvale"))).hasValue("streaming-llm");
        assertThat(Nearest.to("xyzzy", List.of("full", "streaming-llm", "arkvale"))).isEmpty();
    }
}
