package dev.kvasir.runner.experiment.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import dev.kvasir.runner.question.SplitPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A made record of lines and the question for the number in one of them.
 *
 * @param tokens record and question
 * @param answer the number
 * @param place where the line is: 0 for the first, 1 for the last
 */
public record LineText(SplitPrompt.Tokens tokens, String answer, double place) {
    private static final String INTRODUCTION = "Below is a record of lines I want you to remember. Each line begins with "
            + "'line <line index>' and contains a '<REGISTER_CONTENT>' at the end of the line as a numerical value. For "
            + "each line index, memorize its corresponding <REGISTER_CONTENT>. At the end of the record, I will ask you "
            + "to retrieve the corresponding <REGISTER_CONTENT> of a certain line index. Now the record start:\n\n";

    /**
     * Makes one.
     *
     * @param length tokens of record and question together
     * @throws IllegalArgumentException if so few tokens hold no line
     */
    public static LineText of(Wording wording, Tokenizer tokenizer, int length, long seed) {
        return switch (wording) {
            case NEEDLE_3M -> ofTokens(tokenizer, length, new SplittableRandom(seed));
            case ORIGINAL -> original(tokenizer, length, new SplittableRandom(seed));
        };
    }

    /** {@code line sweet king: <48213>}, of words that are one token each, padded with line ends to the very length. */
    private static LineText ofTokens(Tokenizer tokenizer, int length, SplittableRandom random) {
        List<Integer> words = Texts.wordTokens(tokenizer);
        List<int[]> lines = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        Set<String> known = new HashSet<>();
        int[] start = Texts.start(tokenizer);
        int used = start.length;
        int asking = 0;
        while (true) {
            String name = Texts.nameOfTwoTokens(tokenizer, words, random);
            String number = Texts.digits(5, random);
            int[] line = Texts.encode(tokenizer, "line%s: <%s>\n".formatted(name, number));
            asking = Math.max(asking, ask(tokenizer, name).length);
            if (used + line.length + asking > length) {
                break;
            }
            if (known.add(name)) {
                lines.add(line);
                names.add(name);
                numbers.add(number);
                used += line.length;
            }
        }
        checkHolds(lines, length);
        int asked = random.nextInt(lines.size());
        int[] question = ask(tokenizer, names.get(asked));
        int[] padding = new int[length - used - question.length];
        Arrays.fill(padding, Texts.encode(tokenizer, "\n")[0]);
        return new LineText(new SplitPrompt.Tokens(Texts.join(start, padding, Texts.join(lines)), question),
                numbers.get(asked), place(asked, lines.size()));
    }

    private static int[] ask(Tokenizer tokenizer, String name) {
        return Texts.encode(tokenizer, "What is in line%s?\nline%s: <".formatted(name, name));
    }

    /** LongEval's own wording, as long as fits. */
    private static LineText original(Tokenizer tokenizer, int length, SplittableRandom random) {
        List<int[]> lines = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        Set<String> known = new HashSet<>();
        int[] introduction = Texts.join(Texts.start(tokenizer), Texts.encode(tokenizer, INTRODUCTION));
        int used = introduction.length;
        int asking = 0;
        while (true) {
            String name = Texts.pair(random);
            String number = Integer.toString(random.nextInt(1, 50_000));
            int[] line = Texts.encode(tokenizer, "line %s: REGISTER_CONTENT is <%s>\n".formatted(name, number));
            asking = Math.max(asking, askOriginal(tokenizer, name).length);
            if (used + line.length + asking > length) {
                break;
            }
            if (known.add(name)) {
                lines.add(line);
                names.add(name);
                numbers.add(number);
                used += line.length;
            }
        }
        checkHolds(lines, length);
        int asked = random.nextInt(lines.size());
        return new LineText(
                new SplitPrompt.Tokens(Texts.join(introduction, Texts.join(lines)),
                        askOriginal(tokenizer, names.get(asked))),
                numbers.get(asked), place(asked, lines.size()));
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

    private static double place(int asked, int lines) {
        return lines == 1 ? 0 : (double) asked / (lines - 1);
    }
}
