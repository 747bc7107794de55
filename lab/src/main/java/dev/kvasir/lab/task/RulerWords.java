package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** RULER's two tasks of counting words. */
final class RulerWords {
    private static final int COMMON = 10;
    private static final int COMMON_TIMES = 30;
    private static final int UNCOMMON_TIMES = 3;
    private static final int COMMON_ANSWER = 120; // tokens, as RULER allows
    private static final int FREQUENT = 3;
    private static final int FREQUENT_ANSWER = 50;
    private static final int CODED_LETTERS = 6;
    private static final int CODED_WORDS = 50;
    private static final double ZETA_2 = Math.PI * Math.PI / 6;

    private final Tokenizer tokenizer;
    private final SplittableRandom random;

    RulerWords(Tokenizer tokenizer, long seed) {
        this.tokenizer = tokenizer;
        random = new SplittableRandom(seed);
    }

    /** A numbered list with ten words thirty times each, and as many other words as fit three times each. */
    NeedleText common(int length) {
        int[] start = Texts.join(Texts.start(tokenizer), Texts.encode(tokenizer,
                "Below is a numbered list of words. In these words, some appear more often than others. Memorize the ones that appear most often.\n"));
        int[] question = Texts.encode(tokenizer,
                "\nQuestion: What are the 10 most common words in the above list? Answer: The top 10 words that appear most often in the list are:");
        List<String> words = Texts.words(Integer.MAX_VALUE, random);
        int room = length - start.length - question.length;
        int times = COMMON_TIMES;
        // a short list cannot repeat its common words as often; they must still be the most frequent ones
        while (times > UNCOMMON_TIMES + 1 && tokens(list(words, 0, times)) > room / 2) {
            times--;
        }
        if (tokens(list(words, 0, times)) > room) {
            throw new IllegalArgumentException(
                    "%d tokens are too few for a list of words: raise --length".formatted(length));
        }
        int low = 0;
        int high = words.size() - COMMON;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (tokens(list(words, middle, times)) <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return new NeedleText(Texts.join(start, Texts.encode(tokenizer, list(words, low, times))), List.of(question),
                words.subList(0, COMMON), COMMON_ANSWER);
    }

    /** The list in an order that depends on its number of words. */
    private static String list(List<String> words, int uncommon, int times) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < COMMON + uncommon; i++) {
            list.addAll(Collections.nCopies(i < COMMON ? times : UNCOMMON_TIMES, words.get(i)));
        }
        Collections.shuffle(list, new Random(words.get(0).hashCode()));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            text.append(i == 0 ? "" : " ").append(i + 1).append(". ").append(list.get(i));
        }
        return text.toString();
    }

    /**
     * Invented words whose counts fall as 1/k². Dots are the most frequent; the question is about the next three words.
     */
    NeedleText frequent(int length) {
        int[] start = Texts.join(Texts.start(tokenizer), Texts.encode(tokenizer,
                "Read the following coded text and track the frequency of each coded word. Find the three most frequently appeared coded words. "));
        int[] question = Texts.encode(tokenizer,
                "\nQuestion: Do not provide any explanation. Please ignore the dots '....'. What are the three most frequently appeared words in the above coded text? Answer: According to the coded text above, the three most frequently appeared words are:");
        List<String> coded = new ArrayList<>(List.of("...."));
        for (int i = 0; i < CODED_WORDS; i++) {
            coded.add(coded());
        }
        int room = length - start.length - question.length;
        int low = 0;
        int high = length;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (tokens(text(coded, middle)) <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (count(low, FREQUENT + 1) <= count(low, FREQUENT + 2)) {
            throw new IllegalArgumentException(
                    "in %d tokens the three most frequent words are not frequent enough: raise --length"
                            .formatted(length));
        }
        return new NeedleText(Texts.join(start, Texts.encode(tokenizer, text(coded, low))), List.of(question),
                coded.subList(1, 1 + FREQUENT), FREQUENT_ANSWER);
    }

    private static String text(List<String> coded, int words) {
        List<String> list = new ArrayList<>();
        for (int k = 1; k <= coded.size(); k++) {
            list.addAll(Collections.nCopies(count(words, k), coded.get(k - 1)));
        }
        Collections.shuffle(list, new Random(coded.get(1).hashCode()));
        return String.join(" ", list);
    }

    /** The count of the k-th word in a text of {@code words} words. */
    private static int count(int words, int k) {
        return (int) (words / (ZETA_2 * k * k));
    }

    private String coded() {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < CODED_LETTERS; i++) {
            letters.append((char) ('a' + random.nextInt(26)));
        }
        return letters.toString();
    }

    private int tokens(String text) {
        return Texts.encode(tokenizer, text).length;
    }
}
