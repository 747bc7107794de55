package dev.kvasir.lab.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** RULER's synthetic tasks (Hsieh et al., 2024). */
enum NeedleTask {
    /** One number under one key. */
    SINGLE(1, 1, 1),
    /** Several keys with one number each; the question is about one of them. */
    MULTI_KEY(4, 1, 1),
    /** One key with four numbers; the question is about all of them. */
    MULTI_VALUE(1, 4, 1),
    /** Four keys; there is a question about each. */
    MULTI_QUERY(4, 1, 4),
    /** Variables assigned to each other; the question is which of them hold a value. */
    TRACKING(0, 0, 0),
    /** The ten most frequent words of a list. */
    COMMON_WORDS(0, 0, 0),
    /** The three most frequent words of a text of invented words. */
    FREQUENT_WORDS(0, 0, 0);

    private final int keys;
    private final int numbers;
    private final int queries;

    NeedleTask(int keys, int numbers, int queries) {
        this.keys = keys;
        this.numbers = numbers;
        this.queries = queries;
    }

    /** Number of hidden keys. */
    int keys() {
        return keys;
    }

    /** Numbers of each key. */
    int numbers() {
        return numbers;
    }

    /** Number of keys in questions. */
    int queries() {
        return queries;
    }

    /** The name on the command line: {@code multi-key}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The names of all tasks. */
    static List<String> words() {
        return Arrays.stream(values()).map(NeedleTask::word).toList();
    }

    /** @throws IllegalArgumentException if there is no task of that name */
    static NeedleTask named(String word) {
        return Arrays.stream(values())
                .filter(task -> task.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no task '%s', only %s".formatted(word, String.join(", ", words()))));
    }
}
