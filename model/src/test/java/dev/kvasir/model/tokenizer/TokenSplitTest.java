package dev.kvasir.model.tokenizer;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TokenSplitTest {

    private static int[] joined(TokenSplit split) {
        return IntStream.concat(IntStream.of(split.before()), IntStream.of(split.after())).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "phi-3"})
    void bothPartsAreTheTokensOfTheWholeText(String vocabulary) {
        var tokenizer = TestVocabularies.tokenizer(vocabulary);
        var pieces = List.of("Once", " upon", "a", " ", "\n", ", there", "é", "中", "😀", "<|endoftext|>", "</s>", "<s>",
                "12", "'s", "<|", "!");
        var random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            int seam = text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length()) + 1));
            for (var options : List.of(EncodeOptions.PROMPT, EncodeOptions.RENDERED, EncodeOptions.PLAIN)) {
                var split = TokenSplit.of(tokenizer, text.substring(0, seam), text.substring(seam), options);

                assertThat(joined(split)).as("'%s' at %d", text, seam)
                        .isEqualTo(tokenizer.encode(text.toString(), options));
                assertThat(split.before()).isNotEmpty();
            }
        }
    }

    @Test
    void theFirstPartEndsWhereItsTextEndsIfNoTokenReachesOverTheSeam() {
        var tokenizer = TestVocabularies.tokenizer("phi-3");
        var split = TokenSplit.of(tokenizer, "Once upon a time", ", there was", EncodeOptions.PROMPT);

        assertThat(split.before()).isEqualTo(tokenizer.encode("Once upon a time"));
        assertThat(tokenizer.decode(split.after(), DecodeOptions.CONTINUATION)).isEqualTo(", there was");
    }

    @Test
    void aTokenOverTheSeamBelongsToTheSecondPart() {
        var tokenizer = TestVocabularies.tokenizer("gpt-2");
        var split = TokenSplit.of(tokenizer, "Once upon a ti", "me", EncodeOptions.PROMPT);

        assertThat(tokenizer.decode(split.before())).isEqualTo("Once upon a");
        assertThat(tokenizer.decode(split.after())).isEqualTo(" time");
    }

    @Test
    void aTextThatGoesOnGetsNoSpace() {
        var tokenizer = TestVocabularies.tokenizer("phi-3");
        int[] ids = tokenizer.encode("there", new EncodeOptions(EncodeOptions.Edges.CONTINUED,
                EncodeOptions.Controls.PLAIN));

        assertThat(tokenizer.decode(ids, DecodeOptions.CONTINUATION)).isEqualTo("there");
        assertThat(tokenizer.decode(tokenizer.encode("there", EncodeOptions.PLAIN), DecodeOptions.CONTINUATION))
                .isEqualTo(" there");
    }
}
