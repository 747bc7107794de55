package dev.kvasir.model.gguf;

import java.util.List;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class Utf8StringsTest {
    private static final List<String> STRINGS = List.of("", "a", "Ġthe", "", "東京", "😀");

    @Test
    void areTheStringsOfAListOrOfAnArrayInAFile() {
        assertThat(Utf8Strings.copyOf(STRINGS)).isEqualTo(STRINGS).hasSameHashCodeAs(STRINGS);
        assertThat(Utf8Strings.copyOf(GgufArray.ofStrings(STRINGS).strings())).isEqualTo(STRINGS);
        assertThat(Utf8Strings.copyOf(GgufArray.ofStrings(List.of()).strings())).isEmpty();
        assertThat(Utf8Strings.copyOf(List.of())).isEmpty();
    }

    @Test
    void sayWhereEachLies() {
        for (Utf8Strings strings : List.of(Utf8Strings.copyOf(STRINGS),
                Utf8Strings.copyOf(GgufArray.ofStrings(STRINGS).strings()))) {
            for (int i = 0; i < STRINGS.size(); i++) {
                int start = strings.start(i);
                assertThat(new String(strings.bytes(), start, strings.end(i) - start, UTF_8))
                        .isEqualTo(STRINGS.get(i));
            }
        }
    }

    @Test
    void areCopiedOnce() {
        var strings = Utf8Strings.copyOf(STRINGS);

        assertThat(Utf8Strings.copyOf(strings)).isSameAs(strings);
        assertThatThrownBy(() -> strings.get(6)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
