package dev.kvasir.lab.task;

import dev.kvasir.lab.question.SplitPrompt;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A generated record of lines and the question about the number in one of them.
 *
 * @param tokens record and question
 * @param answer the number
 * @param place position of the line: 0 for the first, 1 for the last
 */
public record LineText(SplitPrompt.Tokens tokens, String answer, double place) {
    private static final String INTRODUCTION = "Below is a record of lines I want you to remember. Each line begins with "
            + "'line <line index>' and contains a '<REGISTER_CONTENT>' at the end of the line as a numerical value. For "
            + "each line index, memorize its corresponding <REGISTER_CONTENT>. At the end of the record, I will ask you "
            + "to retrieve the corresponding <REGISTER_CONTENT> of a certain line index. Now the record start:\n\n";

    /**
     * * Generates a text.
     *
     * @param length tokens of record and question together
     * @throws IllegalArgumentException if {@code length} is too small for a line and the question
     */
    public static LineText of(Wording wording, Tokenizer tokenizer, int length, long seed) {
        return switch (wording) {
            case NEEDLE_3M -> ofTokens(tokenizer, length, new SplittableRandom(seed));
            case ORIGINAL -> original(tokenizer, length, new SplittableRandom(seed));
        };
    }

    /**
     * {@code line sweet king: <48213>}, made of words of one token each and padded with line ends to the exact length.
     */
    private static LineText ofTokens(Tokenizer tokenizer, int length, SplittableRandom random) {
        List<Integer> words = Texts.wordTokens(tokenizer);
        int[] start = Texts.start(tokenizer);
        Lines lines = Lines.fill(length - start.length, () -> Texts.nameOfTwoTokens(tokenizer, words, random),
                () -> Texts.digits(5, random),
                (name, number) -> Texts.encode(tokenizer, "line%s: <%s>\n".formatted(name, number)),
                name -> ask(tokenizer, name));
        checkHolds(lines.tokens(), length);
        int asked = random.nextInt(lines.names().size());
        int[] question = ask(tokenizer, lines.names().get(asked));
        int[] padding = new int[length - start.length - lines.length() - question.length];
        Arrays.fill(padding, Texts.encode(tokenizer, "\n")[0]);
        return lines.asking(asked, Texts.join(start, padding), question);
    }

    private static int[] ask(Tokenizer tokenizer, String name) {
        return Texts.encode(tokenizer, "What is in line%s?\nline%s: <".formatted(name, name));
    }

    /** LongEval's own wording, with as many lines as fit. */
    private static LineText original(Tokenizer tokenizer, int length, SplittableRandom random) {
        int[] introduction = Texts.join(Texts.start(tokenizer), Texts.encode(tokenizer, INTRODUCTION));
        Lines lines = Lines.fill(length - introduction.length, () -> Texts.pair(random),
                () -> Integer.toString(random.nextInt(1, 50_000)),
                (name, number) -> Texts.encode(tokenizer,
                        "line %s: REGISTER_CONTENT is <%s>\n".formatted(name, number)),
                name -> askOriginal(tokenizer, name));
        checkHolds(lines.tokens(), length);
        int asked = random.nextInt(lines.names().size());
        return lines.asking(asked, introduction, askOriginal(tokenizer, lines.names().get(asked)));
    }

    private static int[] askOriginal(Tokenizer tokenizer, String name) {
        return Texts.encode(tokenizer,
                "Now the record is over. Tell me what is the <REGISTER_CONTENT> in line %s? I need the number. The <REGISTER_CONTENT> in line %s is <"
                        .formatted(name, name));
    }

    private static void checkHolds(List<int[]> lines, int length) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("%d tokens hold no line and the question for it: raise --length"
                    .formatted(length));
        }
    }

    /**
     * The lines of a record.
     *
     * @param length their tokens
     */
    private record Lines(List<int[]> tokens, List<String> names, List<String> numbers, int length) {

        /**
         * Adds lines as long as the longest question still fits. All names differ.
         *
         * @param room tokens of lines and question together
         */
        static Lines fill(int room, Supplier<String> nextName, Supplier<String> nextNumber,
                BiFunction<String, String, int[]> toLine, Function<String, int[]> toQuestion) {
            List<int[]> lines = new ArrayList<>();
            List<String> names = new ArrayList<>();
            List<String> numbers = new ArrayList<>();
            Set<String> known = new HashSet<>();
            int used = 0;
            int asking = 0;
            while (true) {
                String name = nextName.get();
                String number = nextNumber.get();
                int[] line = toLine.apply(name, number);
                asking = Math.max(asking, toQuestion.apply(name).length);
                if (used + line.length + asking > room) {
                    return new Lines(lines, names, numbers, used);
                }
                if (known.add(name)) {
                    lines.add(line);
                    names.add(name);
                    numbers.add(number);
                    used += line.length;
                }
            }
        }

        /** The text with the question about one of the lines. */
        LineText asking(int line, int[] before, int[] question) {
            double place = names.size() == 1 ? 0 : (double) line / (names.size() - 1);
            return new LineText(new SplitPrompt.Tokens(Texts.join(before, Texts.join(tokens)), question),
                    numbers.get(line), place);
        }
    }
}
