package dev.kvasir.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TokenizerPropertyTest {

    private static final List<String> LETTERS = List.of("a", "b", "c");

    @Property(tries = 300, seed = "7")
    void byteLevelDecodingReversesEncoding(@ForAll String text) {
        var tokenizer = TestVocabularies.tokenizer("gpt-2");
        var valid = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
        assertThat(tokenizer.decode(tokenizer.encode(text, EncodeOptions.PLAIN))).isEqualTo(valid);
    }

    @Property(tries = 300, seed = "8")
    void anyTextIsEncodedAndDecoded(@ForAll String text, @ForAll @IntRange(min = 0, max = 3) int kind) {
        var tokenizer = TestVocabularies.tokenizer(kind % 2 == 0 ? "gpt-2" : "phi-3");
        int[] ids = tokenizer.encode(text, kind < 2 ? EncodeOptions.PROMPT : EncodeOptions.PLAIN);
        assertThat(tokenizer.decode(ids)).isNotNull();
    }

    @Property(tries = 200, seed = "9")
    void anyIdsAreDecodedAsTheirBytes(@ForAll List<@IntRange(min = 0, max = 50255) Integer> ids) {
        var tokenizer = TestVocabularies.tokenizer("gpt-2");
        var bytes = new java.io.ByteArrayOutputStream();
        ids.forEach(id -> bytes.writeBytes(tokenizer.piece(id)));
        int[] array = ids.stream().mapToInt(i -> i).toArray();
        assertThat(tokenizer.decode(array)).isEqualTo(bytes.toString(StandardCharsets.UTF_8));
    }

    @Property(tries = 200, seed = "10")
    void byteLevelMergingEqualsTheNaiveScan(@ForAll long seed) {
        var random = new Random(seed);
        var tokens = new ArrayList<>(LETTERS);
        var merges = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            var left = tokens.get(random.nextInt(tokens.size()));
            var right = tokens.get(random.nextInt(tokens.size()));
            if (!tokens.contains(left + right)) {
                tokens.add(left + right);
                merges.add(left + " " + right);
            }
        }
        var text = randomText(random);
        var tokenizer = Tokenizer.of(TestVocabularies.byteLevel("gpt-2", tokens, merges));
        assertThat(tokens(tokenizer.encode(text), tokens)).isEqualTo(naive(text,
                (left, right) -> merges.indexOf(left + " " + right)));
    }

    @Property(tries = 200, seed = "11")
    void sentencePieceMergingEqualsTheNaiveScan(@ForAll long seed) {
        var random = new Random(seed);
        var tokens = new ArrayList<>(LETTERS);
        while (tokens.size() < 14) {
            var token = randomText(random);
            if (token.length() < 6 && !tokens.contains(token)) {
                tokens.add(token);
            }
        }
        // Few different scores, so that ties are common.
        var scores = tokens.stream().map(t -> (float) -random.nextInt(4)).toList();
        var ranks = scores.stream().distinct().sorted((a, b) -> Float.compare(b, a)).toList();
        var vocabulary = new Vocabulary("test", "", "llama", "", tokens, scores,
                tokens.stream().map(t -> TokenType.NORMAL).toList(), List.of(), TestVocabularies.NO_SPECIAL, false,
                false, false);
        var text = randomText(random);
        assertThat(tokens(Tokenizer.of(vocabulary).encode(text), tokens)).isEqualTo(naive(text, (left, right) -> {
            int token = tokens.indexOf(left + right);
            return token < 0 ? -1 : ranks.indexOf(scores.get(token));
        }));
    }

    private static String randomText(Random random) {
        return random.ints(1 + random.nextInt(40), 0, LETTERS.size())
                .mapToObj(LETTERS::get)
                .collect(Collectors.joining());
    }

    private static List<String> tokens(int[] ids, List<String> tokens) {
        return Arrays.stream(ids).mapToObj(tokens::get).toList();
    }

    /** Merges the pair of the lowest rank, leftmost among equals, until none is left. */
    private static List<String> naive(String text, java.util.function.ToIntBiFunction<String, String> rank) {
        var parts = text.codePoints().mapToObj(Character::toString).collect(Collectors.toCollection(ArrayList::new));
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int r = rank.applyAsInt(parts.get(i), parts.get(i + 1));
                if (r >= 0 && r < bestRank) {
                    best = i;
                    bestRank = r;
                }
            }
            if (best < 0) {
                return parts;
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
    }

    @Test
    void longTextsTakeLittleMoreThanLinearTime() {
        var texts = List.of("a".repeat(100_000), " ".repeat(100_000) + "x", "\n".repeat(100_000), "1".repeat(100_000),
                "A".repeat(100_000), "!".repeat(100_000), "é".repeat(50_000), "The quick brown fox. ".repeat(50_000));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (var name : List.of("gpt-2", "phi-3")) {
                for (var text : texts) {
                    var tokenizer = TestVocabularies.tokenizer(name);
                    assertThat(tokenizer.decode(tokenizer.encode(text, EncodeOptions.PLAIN))).isEqualTo(text);
                }
            }
        });
    }

    @Test
    void noPreTokenizerHangsOrOverflowsOnLongRuns() {
        var texts = List.of("a".repeat(20_000), " ".repeat(20_000) + "x", "\n ".repeat(10_000), "1".repeat(20_000),
                "A".repeat(20_000) + "'", "!".repeat(20_000), "aB".repeat(10_000), "\u0301".repeat(20_000),
                "a ".repeat(10_000));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (var name : PreTokenizers.names()) {
                for (var text : texts) {
                    int[] ends = PreTokenizers.byName(name, "test").cut(text);
                    assertThat(ends).isSorted().endsWith(text.length());
                }
            }
        });
    }

    @Test
    void aCharacterAppearsWithItsLastByte() {
        var tokenizer = TestVocabularies.tokenizer("gpt-2");
        var decoder = tokenizer.decoder(DecodeOptions.TEXT);
        var shown = new ArrayList<String>();
        for (int id : tokenizer.encode("x\uD83D\uDE01y", EncodeOptions.PLAIN)) {
            shown.add(decoder.next(id));
        }
        assertThat(String.join("", shown)).isEqualTo("x\uD83D\uDE01y");
        assertThat(shown).contains("").noneMatch(s -> s.contains("\uFFFD"));
    }

    @Test
    void aBrokenCharacterAtTheEndIsTold() {
        var tokenizer = TestVocabularies.tokenizer("gpt-2");
        int[] ids = tokenizer.encode("\uD83D\uDE01", EncodeOptions.PLAIN);
        assertThat(tokenizer.decode(Arrays.copyOf(ids, ids.length - 1))).isEqualTo("\uFFFD");
    }

    @Test
    void aLoneSurrogateIsAReplacementCharacter() {
        var tokenizer = TestVocabularies.tokenizer("gpt-2");
        assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db\uDE01"))).isEqualTo("a\uFFFDb\uFFFD");
    }

    @Test
    void aTokenOutOfRangeIsTold() {
        assertThatThrownBy(() -> TestVocabularies.tokenizer("gpt-2").decode(50257))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("50257")
                .hasMessageContaining("0 to 50256");
    }

    @Test
    void anUnsupportedTokenizerIsTold() {
        var bert = new Vocabulary("m.gguf", "", "bert", "", List.of("a"), List.of(), List.of(TokenType.NORMAL),
                List.of(), TestVocabularies.NO_SPECIAL, false, false, false);
        assertThatThrownBy(() -> Tokenizer.of(bert)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("m.gguf")
                .hasMessageContaining("'bert'")
                .hasMessageContaining("llama");
    }
}
