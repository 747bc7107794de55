package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LineTextTest {
    private static final Tokenizer TOKENIZER = BundledTokenizer.TOKENIZER;
    private static final Pattern ASKED = Pattern.compile("What is in line( \\w+ \\w+)\\?");
    private static final Pattern ASKED_ORIGINAL = Pattern.compile("REGISTER_CONTENT> in line ([\\w-]+)\\?");

    private static String text(int[] tokens) {
        return TOKENIZER.decode(tokens, DecodeOptions.CONTINUATION);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 513, 2048})
    void theBundledModelsRecordHasTheVeryLengthAndOneLineThatAnswers(int length) {
        LineText made = LineText.of(Wording.NEEDLE_3M, TOKENIZER, length, length);

        assertThat(made.tokens().count()).isEqualTo(length);
        Matcher asked = ASKED.matcher(text(made.tokens().question()));
        assertThat(asked.find()).isTrue();
        assertThat(text(made.tokens().context()))
                .containsOnlyOnce("line%s: <%s>\n".formatted(asked.group(1), made.answer()))
                .containsOnlyOnce("line%s:".formatted(asked.group(1)));
        assertThat(text(made.tokens().question())).endsWith("\nline%s: <".formatted(asked.group(1)));
    }

    @Test
    void theOriginalsRecordFitsAndHasOneLineThatAnswers() {
        LineText made = LineText.of(Wording.ORIGINAL, TOKENIZER, 1500, 3);

        assertThat(made.tokens().count()).isBetween(1400, 1500);
        Matcher asked = ASKED_ORIGINAL.matcher(text(made.tokens().question()));
        assertThat(asked.find()).isTrue();
        assertThat(text(made.tokens().context()))
                .containsOnlyOnce("line %s: REGISTER_CONTENT is <%s>\n".formatted(asked.group(1), made.answer()));
    }

    @Test
    void theSeedDecides() {
        assertThat(LineText.of(Wording.NEEDLE_3M, TOKENIZER, 300, 1).tokens().context())
                .isEqualTo(LineText.of(Wording.NEEDLE_3M, TOKENIZER, 300, 1).tokens().context())
                .isNotEqualTo(LineText.of(Wording.NEEDLE_3M, TOKENIZER, 300, 2).tokens().context());
    }

    @Test
    void tooFewTokensAreASentence() {
        assertThatThrownBy(() -> LineText.of(Wording.NEEDLE_3M, TOKENIZER, 20, 1))
                .hasMessageContaining("raise --length");
        assertThatThrownBy(() -> LineText.of(Wording.ORIGINAL, TOKENIZER, 90, 1))
                .hasMessageContaining("raise --length");
    }
}
