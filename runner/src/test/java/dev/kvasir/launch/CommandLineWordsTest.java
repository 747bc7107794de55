package dev.kvasir.launch;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CommandLineWordsTest {
    private static final List<String> TYPED = List.of("run", "-p", "n\u00e9 \ud83d\ude00 \u4e2d?", "");

    @ParameterizedTest
    @ValueSource(strings = {"US-ASCII", "ISO-8859-1", "UTF-8"})
    void theBytesGiveTheWordsWhateverTheLocaleMadeOfThem(String encoding) throws Exception {
        List<String> mangled = TYPED.stream()
                .map(word -> new String(word.getBytes(StandardCharsets.UTF_8), Charset.forName(encoding)))
                .toList();

        assertThat(CommandLineWords.restored(line("java", "-jar", "k\u00f6.jar"), mangled)).isEqualTo(TYPED);
    }

    @Test
    void theBytesOfAnotherCommandLineAreLeftOut() throws Exception {
        List<String> others = List.of("chat", "-p", "n?", "");

        assertThat(CommandLineWords.restored(line("java"), others)).isEqualTo(others);
        List<String> more = List.of("a", "b", "c", "d", "e", "f?");
        assertThat(CommandLineWords.restored(line("java"), more)).isEqualTo(more);
    }

    @Test
    void bytesThatAreNotUtf8AreToldOf() {
        byte[] line = {'r', 'u', 'n', 0, 'n', (byte) 0xe9, 0};

        assertThatThrownBy(() -> CommandLineWords.restored(line, List.of("run", "n?")))
                .isInstanceOfSatisfying(NotUtf8Exception.class,
                        e -> assertThat(e.sentence()).startsWith("argument 2 (n?) is not UTF-8"));
    }

    private static byte[] line(String... before) {
        String words = String.join("\0", before) + "\0" + String.join("\0", TYPED) + "\0";
        return words.getBytes(StandardCharsets.UTF_8);
    }
}
