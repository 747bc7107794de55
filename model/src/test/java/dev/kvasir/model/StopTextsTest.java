package dev.kvasir.model;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StopTextsTest {
    private static String until(List<String> stops, String... pieces) {
        var texts = new StopTexts(stops);
        var out = new StringBuilder();
        for (String piece : pieces) {
            out.append(texts.add(piece)).append('|');
        }
        return out.append(texts.end()).append(texts.isFound() ? "!" : "").toString();
    }

    @Test
    void aTextEndsBeforeItsFirstStop() {
        assertThat(until(List.of("User:", "\n\n"), "Hello. U", "ser: more")).isEqualTo("Hello. ||!");
        assertThat(until(List.of("b", "ab"), "xaby")).isEqualTo("x|!");
        assertThat(until(List.of(), "a", "b")).isEqualTo("a|b|");
    }

    @Test
    void whatBecomesNoStopIsHeldBackOnlyUntilThen() {
        assertThat(until(List.of("aab"), "xa", "a", "a", "c")).isEqualTo("x||a|aac|");
        assertThat(until(List.of("User:"), "No. Us")).isEqualTo("No. |Us");
    }
}
