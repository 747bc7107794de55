package dev.kvasir.runner.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.model.FailureException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class TraceWriterTest {
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
