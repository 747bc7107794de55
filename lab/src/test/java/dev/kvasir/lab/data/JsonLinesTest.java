package dev.kvasir.lab.data;

import dev.kvasir.lab.DataProblems;
import dev.kvasir.model.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        assertThat(dataProblems.get(0)).isEqualTo(file
                + ", line 3: is broken JSON: the line ends before its object does; a whole object must be on one line");
        assertThat(dataProblems.get(1)).isEqualTo(
                file + ", line 4: is a list and not a JSON object: write each object on a line of its own");
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

    /** The problems of a file of one line after a good first line. */
    private String problem(String line) throws IOException {
        return problem(line.getBytes(StandardCharsets.UTF_8));
    }

    private String problem(byte[] line) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"prompt\": \"one\"}\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(line);
        Files.write(file, bytes.toByteArray());
        List<String> problems = new ArrayList<>();
        assertThat(new JsonLines(file).usable(object -> JsonLines.missingText(object, "prompt"), problems::add))
                .containsExactly(1);
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).startsWith(file + ", line 3: ").doesNotContain("Source", "code ");
        return problems.get(0).substring((file + ", line 3: ").length());
    }

    @Test
    void everyBrokenLineIsToldInPlainWords() throws IOException {
        assertThat(problem("{\"prompt\": two}"))
                .isEqualTo("is broken JSON at character 15, where '{\"prompt\": two}' ends");
        assertThat(problem("{'prompt': 1}")).startsWith("is broken JSON at character 2, where '{'");
        assertThat(problem("{\"prompt\": \"x\"} {}")).startsWith("has more than one JSON object");
        assertThat(problem("{\"prompt\": \"x\", \"prompt\": \"y\"}")).isEqualTo("has the key 'prompt' twice");
        assertThat(problem("{\"prompt\": \"a\tb\"}")).startsWith("is broken JSON at character 14");
        assertThat(problem("{\"prompt\": \"a")).startsWith("is broken JSON: the line ends before its object does");
        assertThat(problem("nonsense")).startsWith("is broken JSON at character");
        assertThat(problem("\"text\"")).isEqualTo("is the text 'text' and not a JSON object");
        assertThat(problem("null")).isEqualTo("is null and not a JSON object");
        assertThat(problem("{\"prompt\": 5}")).isEqualTo("'prompt' is the number 5 and must be text");
        assertThat(problem("{\"prompt\": [\"a\"]}")).isEqualTo("'prompt' is a list and must be text");
        assertThat(problem("{\"promt\": \"x\"}")).isEqualTo("has no text 'prompt', but 'promt'");
        assertThat(problem("{}")).isEqualTo("has no text 'prompt'");
    }

    @Test
    void textInAnotherEncodingIsToldWithItsByte() throws IOException {
        assertThat(problem("{\"prompt\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo("is not UTF-8 text: its byte 16 is E9; save the file as UTF-8");
        assertThat(problem(new byte[]{'{', '"', (byte) 0xC3})).startsWith("is not UTF-8 text: its byte 3 is C3");
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsDoNotCount() throws IOException {
        Files.writeString(file, "\uFEFF{\"prompt\": \"one\"}\r\n\r\n{\"prompt\": \"two\"}\r\n");

        JsonLines lines = new JsonLines(file);

        assertThat(lines.usable(line -> JsonLines.missingText(line, "prompt"), DataProblems.STRICT))
                .containsExactly(1, 3);
        assertThat(lines.line(3).path("prompt").asText()).isEqualTo("two");
    }

    @Test
    void anEmptyFileIsAProblem() throws IOException {
        for (String text : List.of("", "\n \r\n\t\n", "\uFEFF")) {
            Files.writeString(file, text);
            List<String> problems = new ArrayList<>();

            assertThat(new JsonLines(file).usable(line -> Optional.empty(), problems::add)).isEmpty();
            assertThat(problems).containsExactly(file + " is empty: it has no line with a JSON object");
        }
    }

    @Test
    void aLineOfTwentyMillionCharactersIsRead() throws IOException {
        Files.writeString(file, "{\"prompt\": \"" + "x".repeat(20_000_001) + "\"}");

        assertThat(new JsonLines(file).usable(line -> JsonLines.missingText(line, "prompt"), DataProblems.STRICT))
                .containsExactly(1);
    }
}
