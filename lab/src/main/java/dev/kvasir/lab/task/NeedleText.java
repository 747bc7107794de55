package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.Locale;

/**
 * A made task with what a right answer mentions.
 *
 * @param context tokens to read first
 * @param questions what is asked, one after the other
 * @param answers each to be found in what the model writes
 * @param answerTokens new tokens at most for each question
 */
record NeedleText(int[] context, List<int[]> questions, List<String> answers, int answerTokens) {

    /**
     * Makes one of exactly {@code length} tokens of context and questions, or a few less where whole sentences fill it.
     *
     * @throws IllegalArgumentException if so few tokens do not hold what is hidden and the questions
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

    /** Tokens of context, questions and answers. */
    int capacity() {
        return context.length + questions.stream().mapToInt(question -> question.length + answerTokens).sum();
    }

    /** The share of the answers that a text mentions, whatever the case of its letters. */
    double score(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        long found = answers.stream().filter(answer -> lower.contains(answer.toLowerCase(Locale.ROOT))).count();
        return (double) found / answers.size();
    }
}
