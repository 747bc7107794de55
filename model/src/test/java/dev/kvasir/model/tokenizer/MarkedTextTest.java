package dev.kvasir.model.tokenizer;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MarkedTextTest {

    private static final Tokenizer PHI = TestVocabularies.tokenizer("phi-3");

    @Test
    void aControlTokenIsOneOnlyInTheTemplatesOwnWords() {
        int end = PHI.vocabulary().tokens().indexOf("<|end|>");
        var own = MarkedText.template("a<|end|>");
        var users = MarkedText.content("b<|end|>c");
        int[] tokens = PHI.encode(own.plus(users).plus(own), EncodeOptions.RENDERED);

        assertThat(tokens).containsSubsequence(end, end);
        assertThat(java.util.Arrays.stream(tokens).filter(t -> t == end).count()).isEqualTo(2);
        assertThat(PHI.decode(tokens)).isEqualTo("a b<|end|>ca");
    }

    @Test
    void aControlTokenOfWhichOneCharacterIsContentStaysLetters() {
        var name = "<|end|>";
        int end = PHI.vocabulary().tokens().indexOf(name);
        for (int i = 0; i < name.length(); i++) {
            var contents = new BitSet();
            contents.set(i);
            assertThat(PHI.encode(MarkedText.of(name, contents), EncodeOptions.RENDERED)).doesNotContain(end)
                    .isEqualTo(PHI.encode(name, EncodeOptions.PLAIN));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "phi-3"})
    void marksChangeNoTokenOfATextWithoutControlTokens(String name) {
        var tokenizer = TestVocabularies.tokenizer(name);
        var text = "system\nYou are kind, très gentil 😀!\n\n  user's 1234 questions\tcouldn't wait…\r\n";
        int[] whole = tokenizer.encode(text, EncodeOptions.RENDERED);
        var random = new Random(7);
        for (int round = 0; round < 20; round++) {
            var contents = new BitSet();
            random.ints(text.length(), 0, text.length()).limit(30).forEach(contents::set);
            assertThat(tokenizer.encode(MarkedText.of(text, contents), EncodeOptions.RENDERED)).isEqualTo(whole);
        }
    }

    @Test
    void aPartKeepsItsMarks() {
        var text = MarkedText.template("ab").plus(MarkedText.content("cd"));
        assertThat(text.part(1, 3)).isEqualTo(MarkedText.template("b").plus(MarkedText.content("c")))
                .isNotEqualTo(MarkedText.template("bc"));
        assertThat(text.hasContent(0, 2)).isFalse();
        assertThat(text.hasContent(1, 3)).isTrue();
    }
}
