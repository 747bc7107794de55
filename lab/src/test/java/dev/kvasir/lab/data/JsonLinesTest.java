package dev.kvasir.lab.data;

import dev.kvasir.lab.Complaints;
import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JsonLinesTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("cases.jsonl"), """
                {"prompt": "one"}

                {"prompt": "two"
                [1, 2]
                {"other": "four"}
                {"prompt": "five"}
                """);
    }

    @Test
    void brokenLinesAreNamedWithTheirReasonsAndTheRestIsUsed() {
        List<String> complaints = new ArrayList<>();

        List<Integer> usable = new JsonLines(file).usable(line -> JsonLines.missingText(line, "prompt"),
                complaints::add);

        assertThat(usable).containsExactly(1, 6);
        assertThat(complaints).hasSize(3);
        assertThat(complaints.get(0)).startsWith(file + ", line 3: is no JSON: ");
        assertThat(complaints.get(1)).isEqualTo(file + ", line 4: is no JSON object");
        assertThat(complaints.get(2)).isEqualTo(file + ", line 5: has no text 'prompt'");
        assertThat(new JsonLines(file).line(6).path("prompt").asText()).isEqualTo("five");
    }

    @Test
    void withoutKeepGoingTheFirstBrokenLineEndsTheRun() {
        assertThatThrownBy(() -> new JsonLines(file).usable(line -> JsonLines.missingText(line, "prompt"),
                Complaints.STRICT)).isInstanceOf(FailureException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("--keep-going");
    }

    @Test
    void aMissingFileIsASentence() {
        assertThatThrownBy(() -> new JsonLines(folder.resolve("none"))).hasMessageContaining("there is no data file");
    }
}
