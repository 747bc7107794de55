package dev.kvasir.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PreTokenizerTest {

    private static final JsonNode REFERENCE = TestVocabularies.json("pretokenizers.json");

    /** Names that share a rule share its tokenizer, which takes a while to make. */
    private static final Map<PreTokenizer, Tokenizer> PROBES = new ConcurrentHashMap<>();

    static Stream<Arguments> references() {
        var arguments = new ArrayList<Arguments>();
        for (var rule : REFERENCE.get("rules")) {
            for (var name : rule.get("names")) {
                if (PreTokenizers.names().contains(name.asText())) {
                    arguments.add(Arguments.of(name.asText(), rule.get("ids")));
                }
            }
        }
        return arguments.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("references")
    void wordsEndWhereTheReferenceEndsThem(String name, JsonNode expected) {
        var tokenizer = PROBES.computeIfAbsent(PreTokenizers.byName(name, "test"),
                p -> Tokenizer.of(TestVocabularies.probe(name)));
        var wrong = new ArrayList<String>();
        for (int i = 0; i < expected.size(); i++) {
            var text = REFERENCE.get("texts").get(i).asText();
            int[] ids = tokenizer.encode(text, EncodeOptions.PLAIN);
            if (!Arrays.equals(ids, TestVocabularies.ids(expected.get(i)))) {
                wrong.add(text);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyNameHasReferences() {
        var covered = new TreeSet<String>();
        references().forEach(a -> covered.add((String) a.get()[0]));
        assertThat(PreTokenizers.names()).isSubsetOf(covered);
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> PreTokenizers.byName("klingon", "model.gguf"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.gguf")
                .hasMessageContaining("'klingon'")
                .hasMessageContaining("gpt-2")
                .hasMessageContaining("llama-bpe");
    }
}
