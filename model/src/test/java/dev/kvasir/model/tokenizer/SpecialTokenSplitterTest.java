package dev.kvasir.model.tokenizer;

import dev.kvasir.model.tokenizer.EncodeOptions.Controls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

class SpecialTokenSplitterTest {
    /** Phi-3 was trained without the white space after its special tokens, so this name makes some of them strip it. */
    private static final String STRIPPING_FAMILY = "phi-3";

    private static SpecialTokenSplitter splitter(String family, List<String> tokens, List<TokenType> types) {
        var vocabulary = vocabulary(family, tokens, types);
        return new SpecialTokenSplitter(vocabulary, new TokenRoles(vocabulary, new SymbolTable(tokens)));
    }

    private static Vocabulary vocabulary(String family, List<String> tokens, List<TokenType> types) {
        return new Vocabulary("test", family, "gpt2", "gpt-2", tokens, List.of(), types, List.of(),
                TestVocabularies.NO_SPECIAL, false, false, false);
    }

    /** Searches the whole text for one token after the other, the longest first. */
    private static List<SpecialTokenSplitter.Fragment> oneByOne(MarkedText marks, Controls controls, String family,
            List<String> tokens, List<TokenType> types) {
        String text = marks.text();
        boolean strips = family.equals(STRIPPING_FAMILY);
        int[] owner = IntStream.range(0, text.length()).map(i -> -1).toArray();
        var found = new ArrayList<SpecialTokenSplitter.Fragment>();
        var order = IntStream.range(0, tokens.size())
                .filter(i -> types.get(i) == TokenType.USER_DEFINED
                        || types.get(i) == TokenType.CONTROL && controls == Controls.PARSED)
                .boxed()
                .sorted(Comparator.comparing(i -> -tokens.get(i).getBytes(StandardCharsets.UTF_8).length))
                .toList();
        for (int id : order) {
            for (int start = 0; start + tokens.get(id).length() <= text.length(); start++) {
                int end = start + tokens.get(id).length();
                if (!text.startsWith(tokens.get(id), start)
                        || types.get(id) == TokenType.CONTROL && marks.hasContent(start, end)
                        || IntStream.range(start, end).anyMatch(i -> owner[i] >= 0)) {
                    continue;
                }
                found.add(new SpecialTokenSplitter.Fragment(id, start, end));
                while (strips && end < text.length() && owner[end] < 0 && text.charAt(end) == ' ') {
                    end++;
                }
                java.util.Arrays.fill(owner, start, end, id);
            }
        }
        for (int i = 0; i < owner.length; i++) {
            if (owner[i] < 0 && (i == 0 || owner[i - 1] >= 0)) {
                int end = i;
                while (end < owner.length && owner[end] < 0) {
                    end++;
                }
                found.add(new SpecialTokenSplitter.Fragment(-1, i, end));
            }
        }
        found.sort(Comparator.comparingInt(SpecialTokenSplitter.Fragment::start));
        return found;
    }

    @Test
    void tokensAreFoundAsByOneSearchAfterTheOther() {
        var random = new Random(5);
        for (int round = 0; round < 3000; round++) {
            var tokens = new ArrayList<String>();
            var types = new ArrayList<TokenType>();
            for (int i = 0; i < 8; i++) {
                tokens.add(text(random, 1 + random.nextInt(5)));
                types.add(List.of(TokenType.NORMAL, TokenType.CONTROL, TokenType.USER_DEFINED).get(random.nextInt(3)));
            }
            var family = random.nextBoolean() ? STRIPPING_FAMILY : "";
            var text = text(random, random.nextInt(40));
            var contents = new BitSet();
            random.ints(random.nextInt(4), 0, 40).filter(i -> i < text.length()).forEach(contents::set);
            var marks = MarkedText.of(text, contents);
            for (var controls : Controls.values()) {
                assertThat(splitter(family, tokens, types).split(text, marks, controls))
                        .as("%s %s in '%s' with contents %s", tokens, types, text, contents)
                        .isEqualTo(oneByOne(marks, controls, family, tokens, types));
            }
        }
    }

    private static String text(Random random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(4) > 0 ? "<|a".charAt(random.nextInt(3)) : random.nextBoolean() ? ' ' : 'é');
        }
        return text.toString();
    }

    @Test
    @Timeout(60) // thousands of searches of the whole text would take hours
    void manyTokensInALongTextTakeOneReading() {
        var tokens = new ArrayList<>(IntStream.range(0, 20_000).mapToObj("<|reserved_%d|>"::formatted).toList());
        IntStream.rangeClosed(1, 40).mapToObj("\n"::repeat).forEach(tokens::add);
        tokens.add("x");
        var types = new ArrayList<TokenType>(java.util.Collections.nCopies(tokens.size(), TokenType.USER_DEFINED));
        var splitter = splitter("", tokens, types);
        int length = 2_000_000;
        var everyToken = String.join("", tokens.subList(0, 20_000));

        assertThat(split(splitter, "<".repeat(length))).hasSize(1);
        assertThat(split(splitter, "<|reserved_1".repeat(length / 12))).hasSize(1);
        assertThat(split(splitter, "x".repeat(length))).hasSize(length);
        assertThat(split(splitter, "\n".repeat(length))).hasSize(length / 40);
        assertThat(split(splitter, everyToken.repeat(5))).hasSize(100_000);
    }

    private static List<SpecialTokenSplitter.Fragment> split(SpecialTokenSplitter splitter, String text) {
        return splitter.split(text, MarkedText.template(text), Controls.PARSED);
    }
}
