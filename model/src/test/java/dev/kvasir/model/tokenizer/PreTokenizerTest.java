package dev.kvasir.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    /**
     * Jais-2 cuts a run of blanks into words of a power of two, so a pattern that looks for the end of the run once a
     * word reads it a thousand times.
     */
    @Test
    @Timeout(60) // would be hours
    void jaisReadsARunOfBlanksOnce() {
        int[] ends = PreTokenizers.byName("jais-2", "test").cut(" ".repeat(20_000_000));

        assertThat(ends).hasSize(20_000_000 / 512 + 1); // 39,062 whole words of 512, and 256
    }

    /** The guard that spares Jais-2 the reading of a run must not change where its words end. */
    @Test
    void jaisCutsAsItsPlainPatternDoes() {
        var jais = PreTokenizers.byName("jais-2", "test");
        var plain = PreTokenizer.of(jais.passes().get(0).pattern().replaceFirst("\\(\\?<![^)]*\\)", ""));
        assertThat(plain.passes().get(0).pattern()).isNotEqualTo(jais.passes().get(0).pattern());
        var random = new Random(3);
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(String.valueOf(" \n\r\ta.1'\u00a0\u2028".charAt(random.nextInt(10)))
                        .repeat(1 + random.nextInt(random.nextInt(20) == 0 ? 600 : 3)));
            }
            assertThat(jais.cut(text.toString())).as("'%s'", text).isEqualTo(plain.cut(text.toString()));
        }
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
