package dev.kvasir.lab.data;

import dev.kvasir.model.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PlainTextTest {

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void bytesThatAreNotUtf8AreCountedAndTheFirstIsNamed() {
        PlainText read = PlainText.of(bytes("caf\u00e9 \u00ff\u00fe x"), "book.txt");

        assertThat(read.text()).isEqualTo("caf\uFFFD \uFFFD\uFFFD x");
        assertThat(read.warning()).hasValueSatisfying(sentence -> assertThat(sentence)
                .startsWith("book.txt has 3 bytes that are not UTF-8, the first (E9) at offset 3"));
    }

    @Test
    void aCharacterThatIsCutIsToldOf() {
        PlainText read = PlainText.of(bytes("a\u00f0\u009f\u0098"), "stdin");

        assertThat(read.text()).isEqualTo("a\uFFFD");
        assertThat(read.warning()).hasValueSatisfying(sentence -> assertThat(sentence)
                .startsWith("stdin has 3 bytes that are not UTF-8, the first (F0) at offset 1"));
    }

    @Test
    void everyCharacterOfUtf8IsRead() {
        String text = "a é 中 😀 \uFFFD\0";

        assertThat(PlainText.of(text.getBytes(StandardCharsets.UTF_8), "x")).isEqualTo(
                new PlainText(text, java.util.Optional.empty()));
    }

    @Test
    void aByteOrderMarkIsDroppedAtTheStartOnly() {
        assertThat(PlainText.of("\uFEFFOnce\uFEFF".getBytes(StandardCharsets.UTF_8), "x").text())
                .isEqualTo("Once\uFEFF");
    }

    @Test
    void aReturnBeforeANewlineIsPartOfIt() {
        assertThat(PlainText.of(bytes("a\r\nb\rc\n\r\r\n"), "x").text()).isEqualTo("a\nb\rc\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"x-UTF-16LE-BOM, UTF-16", "UTF-16, UTF-16", "X-UTF-32LE-BOM, UTF-32", "X-UTF-32BE-BOM, UTF-32"})
    void otherEncodingsAreRefusedByTheirMark(String charset, String name) {
        assertThatThrownBy(() -> PlainText.of("Once".getBytes(Charset.forName(charset)), "book.txt"))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("book.txt is text in " + name + ":")
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aFileThatResultsDependOnMustBeUtf8(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("text"), bytes("caf\u00e9"));

        assertThatThrownBy(() -> PlainText.strict(file)).isInstanceOf(FailureException.class)
                .hasMessageContaining("1 byte that is not UTF-8, the first (E9) at offset 3");
    }

    @Test
    void linesEndWithNewlinesOnly() throws IOException {
        var lines = ByteLines.of(new ByteArrayInputStream(bytes("\u00ef\u00bb\u00bfa\rb\r\nc")));

        assertThat(lines.next()).isEqualTo(bytes("a\rb"));
        assertThat(lines.next()).isEqualTo(bytes("c"));
        assertThat(lines.next()).isNull();
    }
}
