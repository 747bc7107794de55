package dev.kvasir.runner.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class TraceWriterTest {
    private static final Path STORIES = Path.of("..", "model", "src", "test", "resources", "stories260k",
            "stories260K-f32.gguf");

    @TempDir
    private Path folder;

    @Test
    void everyEventIsOneObjectOnALineOfItsOwn() throws Exception {
        Path file = folder.resolve("trace.jsonl");
        try (var trace = new TraceWriter(file)) {
            trace.page(Kind.RECALLED, PageState.COMING_LATE, 17, 2, 0, 1, 9, 4.25f, 2048);
            trace.page(Kind.FILLED, PageState.FULL, 0, 3, 0, 0, 1, Float.NaN, 0);
        }

        assertThat(Files.readAllLines(file)).containsExactly(
                "{\"step\":17,\"layer\":2,\"sequence\":0,\"group\":1,\"page\":9,\"event\":\"recalled\",\"state\":\"coming-late\",\"importance\":4.25,\"bytes\":2048}",
                "{\"step\":0,\"layer\":3,\"sequence\":0,\"group\":0,\"page\":1,\"event\":\"filled\",\"state\":\"full\",\"importance\":null,\"bytes\":0}");
    }

    @Test
    void theHeaderOfARunComesBeforeItsTokensAndStatesTheLengthOfItsPrompt() throws Exception {
        Path file = folder.resolve("trace.jsonl");
        Tokenizer tokenizer;
        try (GgufFile model = GgufFile.open(STORIES)) {
            tokenizer = Tokenizer.from(model);
        }
        int[] prompt = tokenizer.encode("a \u65e5", EncodeOptions.PLAIN); // a character that no token holds
        try (var trace = new TraceWriter(file)) {
            trace.begin(Map.of("a", 1), tokenizer.decoder(DecodeOptions.CONTINUATION));
            trace.tokens(0, prompt);
            trace.tokens(prompt.length, prompt[0]);
            trace.begin(Map.of("b", 2), tokenizer.decoder(DecodeOptions.CONTINUATION));
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("{\"a\":1,\"prompt_tokens\":%d}".formatted(prompt.length));
        assertThat(lines.get(1)).startsWith("{\"position\":0,\"ids\":[").endsWith("\"\",\"\",\"\u65e5\"]}");
        assertThat(lines.get(2)).startsWith("{\"position\":%d,\"ids\":[%d],".formatted(prompt.length, prompt[0]));
        assertThat(lines.get(3)).as("of a run that ended before its prompt")
                .isEqualTo("{\"b\":2,\"prompt_tokens\":null}");
    }

    @Test
    void longTracesAreWrittenWholeAndInOrder() throws Exception {
        Path file = folder.resolve("trace.jsonl");
        try (var trace = new TraceWriter(file)) {
            for (int step = 0; step < 5000; step++) {
                trace.page(Kind.SELECTED, PageState.RESIDENT, step, 0, 0, 0, step % 7, 1e30f * step, 0);
            }
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(5000);
        assertThat(new ObjectMapper().readTree(lines.get(4999)).get("step").asInt()).isEqualTo(4999);
        assertThat(new ObjectMapper().readTree(lines.get(4999)).get("importance").isNumber()).isTrue();
    }

    @Test
    void aFullDiskIsASentence() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        var trace = new TraceWriter(full);
        trace.page(Kind.FILLED, PageState.FULL, 0, 0, 0, 0, 0, 0, 0);

        assertThatThrownBy(trace::close).isInstanceOf(FailureException.class)
                .hasMessageContaining("the trace cannot be written to /dev/full (No space left on device)");
    }

    @Test
    void aFileThatCannotBeMadeIsASentence() {
        assertThatThrownBy(() -> new TraceWriter(folder.resolve("no/such/folder"))).isInstanceOf(FailureException.class)
                .hasMessageContaining("no/such/folder");
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        Path file = folder.resolve("none").resolve("trace.jsonl");

        assertThatThrownBy(() -> new TraceWriter(file)).isInstanceOf(FailureException.class)
                .hasMessageContaining("there is no folder " + file.getParent());
    }
}
