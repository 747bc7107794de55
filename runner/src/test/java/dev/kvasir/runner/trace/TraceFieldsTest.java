package dev.kvasir.runner.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.tokenizer.DecodeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Keeps the tables of docs/trace.md what a trace has. */
class TraceFieldsTest {
    private static final Path PAGE = Path.of("..", "docs", "trace.md");
    private static final Path STORIES = Path.of("..", "model", "src", "test", "resources", "stories260k",
            "stories260K-f32.gguf");

    @TempDir
    private Path folder;
    private List<JsonNode> lines = List.of();

    @BeforeEach
    void writesATrace() throws IOException {
        Path file = folder.resolve("trace.jsonl");
        try (var open = OpenModel.open(STORIES, EngineOptions.reference());
                var trace = new TraceWriter(file)) {
            trace.begin(TraceHeader.of("run", open, CacheOptions.FULL, 64, 7),
                    open.tokenizer().decoder(DecodeOptions.CONTINUATION));
            trace.tokens(0, open.promptTokens("Once upon"));
            trace.page(Kind.FILLED, PageState.FULL, 0, 0, 0, 0, 0, Float.NaN, 0);
        }
        var json = new ObjectMapper();
        lines = Files.readAllLines(file).stream().map(line -> parsed(json, line)).toList();
    }

    private static JsonNode parsed(ObjectMapper json, String line) {
        try {
            return json.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }

    /** The names in the first column of the n-th table of the page. */
    private static List<String> documented(int table) throws IOException {
        String[] tables = Files.readString(PAGE).split("\\n\\|---\\|---\\|\\n");
        return tables[table].lines()
                .takeWhile(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1])
                .toList();
    }

    private static List<String> names(JsonNode object) {
        return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false).toList();
    }

    @Test
    void theHeaderHasTheDocumentedFields() throws IOException {
        assertThat(names(lines.get(0))).isEqualTo(documented(1));
        assertThat(names(lines.get(0).get("cache"))).isEqualTo(documented(2));
    }

    @Test
    void tokensAndEventsHaveTheDocumentedFields() throws IOException {
        assertThat(names(lines.get(1))).isEqualTo(documented(3));
        assertThat(names(lines.get(2))).isEqualTo(documented(4));
    }

    @Test
    void everyEventIsDocumented() throws IOException {
        assertThat(documented(5)).containsExactlyInAnyOrderElementsOf(
                Arrays.stream(Kind.values()).map(TraceWriter::name).toList());
    }

    @Test
    void theHeaderSaysWhatRan() {
        JsonNode header = lines.get(0);

        assertThat(header.get("format").asText()).isEqualTo("kvasir-trace");
        assertThat(header.get("model").asText()).isEqualTo("stories260K-f32.gguf");
        assertThat(header.get("model_sha256").asText()).startsWith("9b9471538aae7b66");
        assertThat(header.get("layers").asInt()).isEqualTo(5);
        assertThat(header.get("kv_heads").asInt()).isEqualTo(4);
        assertThat(header.get("seed").asInt()).isEqualTo(7);
        assertThat(header.get("prompt_tokens").asInt()).isEqualTo(lines.get(1).get("ids").size());
        assertThat(header.get("cache").get("policy").asText()).isEqualTo("full");
    }
}
