package dev.kvasir.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReferenceVocabularyTest {

    private static final JsonNode REFERENCE = TestVocabularies.json("tokenize.json");

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "phi-3"})
    void theListedTextsHaveTheListedIds(String name) {
        var tokenizer = TestVocabularies.tokenizer(name);
        var texts = TestVocabularies.text("ggml-vocab-" + name + ".gguf.inp").split("\n__ggml_vocab_test__\n", -1);
        var lines = TestVocabularies.text("ggml-vocab-" + name + ".gguf.out").split("\n", -1);
        assertThat(texts).hasSize(47);
        for (int i = 0; i < texts.length; i++) {
            int[] expected = lines[i].isBlank()
                    ? new int[0]
                    : Arrays.stream(lines[i].strip().split(" ")).mapToInt(Integer::parseInt).toArray();
            assertThat(tokenizer.encode(texts[i], EncodeOptions.PLAIN)).as(texts[i]).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "phi-3"})
    void awkwardTextsHaveTheReferenceIds(String name) {
        var tokenizer = TestVocabularies.tokenizer(name);
        var wrong = new ArrayList<String>();
        for (int i = 0; i < REFERENCE.get("texts").size(); i++) {
            var text = REFERENCE.get("texts").get(i).asText();
            var plain = REFERENCE.get(name).get("plain").get(i);
            var parsed = REFERENCE.get(name).get("special").get(String.valueOf(i));
            if (!Arrays.equals(tokenizer.encode(text, EncodeOptions.PLAIN), TestVocabularies.ids(plain))) {
                wrong.add("plain: " + text);
            }
            if (!Arrays.equals(tokenizer.encode(text, EncodeOptions.RENDERED),
                    TestVocabularies.ids(parsed == null ? plain : parsed))) {
                wrong.add("parsed: " + text);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aPromptBeginsAsTheVocabularySays() {
        assertThat(TestVocabularies.tokenizer("phi-3").encode("")).containsExactly(1);
        assertThat(TestVocabularies.tokenizer("gpt-2").encode("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "phi-3"})
    void decodingReversesEncoding(String name) {
        var tokenizer = TestVocabularies.tokenizer(name);
        for (var text : REFERENCE.get("texts")) {
            // A ▁ in a text is a space to SentencePiece.
            if (!name.equals("phi-3") || text.asText().indexOf('▁') < 0) {
                assertThat(tokenizer.decode(tokenizer.encode(text.asText(), EncodeOptions.PLAIN)))
                        .isEqualTo(text.asText());
            }
        }
    }

    @Test
    void theTokensThatEndATurnEndTheGeneration() {
        var phi = TestVocabularies.tokenizer("phi-3");
        assertThat(List.of(32000, 32007, 2)).allMatch(phi::isEndOfGeneration);
        assertThat(List.of(0, 1, 32001, 32010, 500)).noneMatch(phi::isEndOfGeneration);
        assertThat(TestVocabularies.tokenizer("gpt-2").isEndOfGeneration(50256)).isTrue();
    }

    @Test
    void controlTokensAreShownOrHidden() {
        var phi = TestVocabularies.tokenizer("phi-3");
        int[] ids = phi.encode("<|user|>\nHi<|end|>\n<|assistant|>");
        assertThat(ids).startsWith(1, 32010);
        assertThat(phi.decode(ids)).isEqualTo("Hi");
        assertThat(phi.decode(ids, new DecodeOptions(DecodeOptions.Controls.SHOWN, DecodeOptions.LeadingSpace.KEPT)))
                .isEqualTo("<s><|user|> Hi<|end|><|assistant|>");
    }
}
