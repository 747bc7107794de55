package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Needles and chains of variables in RULER's wording, hidden between lines of {@link Haystack}. */
final class RulerNeedles {
    private static final int NEEDLE_ANSWER = 128; // tokens, as RULER allows
    private static final int TRACKING_ANSWER = 30;
    private static final int HOPS = 4;
    private static final int VARIABLE_LETTERS = 5;

    private final Tokenizer tokenizer;
    private final SplittableRandom random;

    RulerNeedles(Tokenizer tokenizer, long seed) {
        this.tokenizer = tokenizer;
        random = new SplittableRandom(seed);
    }

    NeedleText make(NeedleTask task, int length) {
        boolean isOne = task.queries() * task.numbers() == 1;
        List<String> keys = new ArrayList<>();
        List<String> needles = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        for (int key = 0; key < task.keys(); key++) {
            keys.add(Texts.pair(random));
            for (int value = 0; value < task.numbers(); value++) {
                String number = Long.toString(random.nextLong(1_000_000, 10_000_000)); // seven digits
                needles.add("One of the special magic numbers for %s is: %s.".formatted(keys.get(key), number));
                if (key < task.queries()) {
                    answers.add(number);
                }
            }
        }
        String query = query(keys.subList(0, task.queries()));
        String head = isOne
                ? "A special magic number is hidden within the following text. Make sure to memorize it. I will quiz you about the number afterwards.\n"
                : "Some special magic numbers are hidden within the following text. Make sure to memorize it. I will quiz you about the numbers afterwards.\n";
        String tail = isOne
                ? "\nWhat is the special magic number for %s mentioned in the provided text? The special magic number for %s mentioned in the provided text is"
                : "\nWhat are all the special magic numbers for %s mentioned in the provided text? The special magic numbers for %s mentioned in the provided text are";
        return hidden(head, needles, tail.formatted(query, query), answers, NEEDLE_ANSWER, length);
    }

    private static String query(List<String> keys) {
        int last = keys.size() - 1;
        return last == 0 ? keys.get(0) : String.join(", ", keys.subList(0, last)) + ", and " + keys.get(last);
    }

    /** A chain of assignments, so that all its variables hold one value. */
    NeedleText tracking(int length) {
        String value = Integer.toString(random.nextInt(10_000, 100_000));
        List<String> variables = new ArrayList<>();
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i <= HOPS; i++) {
            variables.add(variable());
            assignments.add(
                    "VAR %s = %s".formatted(variables.get(i), i == 0 ? value : "VAR " + variables.get(i - 1)));
        }
        String tail = ("\nQuestion: Find all variables that are assigned the value %s in the text above. Answer: According "
                + "to the chain(s) of variable assignment in the text above, %d variables are assigned the value %s, "
                + "they are: ").formatted(value, variables.size(), value);
        return hidden(
                "Memorize and track the chain(s) of variable assignment hidden in the following text.\n\n", assignments,
                tail, variables, TRACKING_ANSWER, length);
    }

    private String variable() {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < VARIABLE_LETTERS; i++) {
            letters.append((char) ('A' + random.nextInt(26)));
        }
        return letters.toString();
    }

    /** Fills the text with lines of haystack and puts the needles between them, in order. */
    private NeedleText hidden(String head, List<String> needles, String tail, List<String> answers, int answerTokens,
            int length) {
        int[] start = Texts.join(Texts.start(tokenizer), Texts.encode(tokenizer, head));
        int[] question = Texts.encode(tokenizer, tail);
        int[] sentence = Texts.encode(tokenizer, Haystack.SENTENCES + "\n");
        List<int[]> hidden = needles.stream().map(needle -> Texts.encode(tokenizer, needle + "\n")).toList();
        int fixed = start.length + question.length + hidden.stream().mapToInt(needle -> needle.length).sum();
        int sentences = (length - fixed) / sentence.length;
        if (sentences < hidden.size()) {
            throw new IllegalArgumentException(
                    "%d tokens do not hold %d needles with a line between them: raise --length to %d".formatted(length,
                            hidden.size(), fixed + hidden.size() * sentence.length));
        }
        TreeSet<Integer> places = new TreeSet<>();
        while (places.size() < hidden.size()) {
            places.add(random.nextInt(sentences));
        }
        List<int[]> parts = new ArrayList<>(List.of(start));
        int next = 0;
        for (int i = 0; i < sentences; i++) {
            if (places.contains(i)) {
                parts.add(hidden.get(next++));
            }
            parts.add(sentence);
        }
        return new NeedleText(Texts.join(parts), List.of(question), answers, answerTokens);
    }
}
