package dev.kvasir.lab.data;

import dev.kvasir.lab.DataProblems;
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
        List<String> dataProblems = new ArrayList<>();

        List<Integer> usable = new JsonLines(file).usable(line -> JsonLines.missingText(line, "prompt"),
                dataProblems::add);

        assertThat(usable).containsExactly(1, 6);
        assertThat(dataProblems).hasSize(3);
        assertThat(dataProblems.get(0)).startsWith(file + ", line 3: is not JSON: ");
        assertThat(dataProblems.get(1)).isEqualTo(file + ", line 4: is not a JSON object");
        assertThat(dataProblems.get(2)).isEqualTo(file + ", line 5: has no text 'prompt'");
        assertThat(new JsonLines(file).line(6).path("prompt").asText()).isEqualTo("five");
    }

    @Test
    void withoutKeepGoingTheFirstBrokenLineEndsTheRun() {
        assertThatThrownBy(() -> new JsonLines(file).usable(line -> JsonLines.missingText(line, "prompt"),
                DataProblems.STRICT)).isInstanceOf(FailureException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("--keep-going");
    }

    @Test
    void aMissingFileIsASentence() {
        assertThatThrownBy(() -> new JsonLines(folder.resolve("none"))).hasMessageContaining("there is no data file");
    }
}
