package dev.kvasir.lab.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** RULER's synthetic tasks (Hsieh et al., 2024). */
enum NeedleTask {
    /** One number under one key. */
    SINGLE(1, 1, 1),
    /** Many keys with a number each, one of them asked for. */
    MULTI_KEY(4, 1, 1),
    /** One key with four numbers, all asked for. */
    MULTI_VALUE(1, 4, 1),
    /** Four keys, all asked for. */
    MULTI_QUERY(4, 1, 4),
    /** Variables assigned to each other: which hold a value? */
    TRACKING(0, 0, 0),
    /** The ten words that a list has more often than the others. */
    COMMON_WORDS(0, 0, 0),
    /** The three words that a text of made words has most often. */
    FREQUENT_WORDS(0, 0, 0);

    private final int keys;
    private final int numbers;
    private final int queries;

    NeedleTask(int keys, int numbers, int queries) {
        this.keys = keys;
        this.numbers = numbers;
        this.queries = queries;
    }

    /** Keys that are hidden. */
    int keys() {
        return keys;
    }

    /** Numbers under each key. */
    int numbers() {
        return numbers;
    }

    /** Keys that are asked for. */
    int queries() {
        return queries;
    }

    /** The word for it on the command line: {@code multi-key}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words for all of them. */
    static List<String> words() {
        return Arrays.stream(values()).map(NeedleTask::word).toList();
    }

    /** @throws IllegalArgumentException if there is none of that word */
    static NeedleTask named(String word) {
        return Arrays.stream(values())
                .filter(task -> task.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no task '%s', only %s".formatted(word, String.join(", ", words()))));
    }
}
