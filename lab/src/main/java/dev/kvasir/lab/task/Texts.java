package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Words and tokens for tasks. */
final class Texts {
    private static final List<String> WORDS = resource("words.txt").lines().filter(line -> !line.isBlank()).toList();

    private Texts() {}

    /** A text from the resources of this package. */
    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Texts.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tokens of plain text. */
    static int[] encode(Tokenizer tokenizer, String text) {
        return tokenizer.encode(text, EncodeOptions.PLAIN);
    }

    /** The token that begins a text, if the model has one. */
    static int[] start(Tokenizer tokenizer) {
        int bos = tokenizer.vocabulary().special().bos();
        return bos == SpecialIds.NONE ? new int[0] : new int[]{bos};
    }

    static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }

    static int[] join(List<int[]> parts) {
        return join(parts.toArray(int[][]::new));
    }

    /** Two words, each one token of the vocabulary including the space before it: {@code " sweet king"}. */
    static String nameOfTwoTokens(Tokenizer tokenizer, List<Integer> words, RandomGenerator random) {
        return tokenizer.decode(words.get(random.nextInt(words.size())), words.get(random.nextInt(words.size())));
    }

    /** The tokens that are a space and a word of three letters or more. */
    static List<Integer> wordTokens(Tokenizer tokenizer) {
        List<Integer> words = new ArrayList<>();
        for (int id = 0; id < tokenizer.size(); id++) {
            if (!tokenizer.isControl(id)
                    && new String(tokenizer.piece(id), StandardCharsets.UTF_8).matches(" [A-Za-z]{3,}")) {
                words.add(id);
            }
        }
        return words;
    }

    /** A number with {@code count} digits; it may begin with 0. */
    static String digits(int count, RandomGenerator random) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    /** A plain word. */
    static String word(RandomGenerator random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    /** Two plain words with a hyphen: {@code amber-anchor}. */
    static String pair(RandomGenerator random) {
        return word(random) + "-" + word(random);
    }

    /** {@code count} different plain words. */
    static List<String> words(int count, RandomGenerator random) {
        List<String> shuffled = new ArrayList<>(WORDS);
        for (int i = 0; i < Math.min(count, shuffled.size()); i++) {
            int other = i + random.nextInt(shuffled.size() - i);
            String word = shuffled.get(other);
            shuffled.set(other, shuffled.get(i));
            shuffled.set(i, word);
        }
        return List.copyOf(shuffled.subList(0, Math.min(count, shuffled.size())));
    }
}
