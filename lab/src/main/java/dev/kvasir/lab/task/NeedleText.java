package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.Locale;

/**
 * A generated task with the parts of a right answer.
 *
 * @param context tokens to read first
 * @param questions the questions, in order
 * @param answers texts that a right answer contains
 * @param answerTokens largest number of new tokens for each question
 */
record NeedleText(int[] context, List<int[]> questions, List<String> answers, int answerTokens) {

    /**
     * Generates a task with {@code length} tokens of context and questions, or a few less if whole sentences fill it.
     *
     * @throws IllegalArgumentException if {@code length} is too small for the hidden parts and the questions
     */
    static NeedleText of(NeedleTask task, Wording wording, Tokenizer tokenizer, int length, long seed) {
        return switch (task) {
            case SINGLE, MULTI_KEY, MULTI_VALUE, MULTI_QUERY -> wording == Wording.NEEDLE_3M
                    ? new TrainedNeedles(tokenizer, seed).make(task, length)
                    : new RulerNeedles(tokenizer, seed).make(task, length);
            case TRACKING -> new RulerNeedles(tokenizer, seed).tracking(length);
            case COMMON_WORDS -> new RulerWords(tokenizer, seed).common(length);
            case FREQUENT_WORDS -> new RulerWords(tokenizer, seed).frequent(length);
        };
    }

    /** The number of tokens of context, questions and answers. */
    int capacity() {
        return context.length + questions.stream().mapToInt(question -> question.length + answerTokens).sum();
    }

    /** The share of the answers that a text contains, without regard to case. */
    double score(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        long found = answers.stream().filter(answer -> lower.contains(answer.toLowerCase(Locale.ROOT))).count();
        return (double) found / answers.size();
    }
}
