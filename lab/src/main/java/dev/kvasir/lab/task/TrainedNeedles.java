package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Needles in the wording that the bundled model was trained on: {@code The sweet king is 48213. Remember it. 48213 is
 * the sweet king.} Each question is about one needle, as in the training.
 */
final class TrainedNeedles {
    private static final int ANSWER_TOKENS = 8; // a space, five digits, a full stop, and one spare token
    private static final int DIGITS = 5;

    private final Tokenizer tokenizer;
    private final SplittableRandom random;

    TrainedNeedles(Tokenizer tokenizer, long seed) {
        this.tokenizer = tokenizer;
        random = new SplittableRandom(seed);
    }

    NeedleText make(NeedleTask task, int length) {
        List<Integer> words = Texts.wordTokens(tokenizer);
        List<int[]> needles = new ArrayList<>();
        List<int[]> questions = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        for (int key = 0; key < task.keys(); key++) {
            String name = Texts.nameOfTwoTokens(tokenizer, words, random);
            for (int value = 0; value < task.numbers(); value++) {
                String number = Texts.digits(DIGITS, random);
                needles.add(Texts.encode(tokenizer,
                        "\nThe%s is %s. Remember it. %s is the%s.\n".formatted(name, number, number, name)));
                if (key < task.queries()) {
                    questions.add(Texts.encode(tokenizer, "\nWhat is the%s? The%s is".formatted(name, name)));
                    answers.add(number);
                }
            }
        }
        int[] start = Texts.start(tokenizer);
        int room = length - start.length - count(needles) - count(questions);
        if (room < 0) {
            throw new IllegalArgumentException(
                    "%d tokens are too few for needles and questions, which take %d: raise --length"
                            .formatted(length, length - room));
        }
        return new NeedleText(Texts.join(start, hidden(needles, room)), questions, answers, ANSWER_TOKENS);
    }

    /** The needles at random positions of a text of {@code room} tokens. */
    private int[] hidden(List<int[]> needles, int room) {
        int[] filler = Haystack.filler(tokenizer, room);
        List<Integer> places = new ArrayList<>();
        needles.forEach(needle -> places.add(random.nextInt(room + 1)));
        Collections.sort(places);
        Collections.shuffle(needles, new Random(random.nextLong()));
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < needles.size(); i++) {
            parts.add(Arrays.copyOfRange(filler, from, places.get(i)));
            parts.add(needles.get(i));
            from = places.get(i);
        }
        parts.add(Arrays.copyOfRange(filler, from, room));
        return Texts.join(parts);
    }

    private static int count(List<int[]> parts) {
        return parts.stream().mapToInt(part -> part.length).sum();
    }
}
