package dev.kvasir.lab.longbench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.lab.question.Metric;
import dev.kvasir.lab.question.SplitPrompt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The prompt and the metric of one of LongBench's datasets.
 *
 * @param prompt the text, with the placeholders {@code {context}} and {@code {input}}
 * @param answerTokens largest number of new tokens
 * @param metric how answers are scored
 * @param chat whether chat models get it as a message; datasets with examples in the context are plain text to continue
 * @param firstLine whether only the first line of an answer counts
 */
record Dataset(String prompt, int answerTokens, Metric metric, boolean chat, boolean firstLine) {
    private static final String CONTEXT = "{context}";
    private static final Map<String, Dataset> ALL = read();

    private static Map<String, Dataset> read() {
        try (InputStream in = Objects.requireNonNull(Dataset.class.getResourceAsStream("datasets.json"))) {
            return new ObjectMapper().readValue(in, new TypeReference<Map<String, Dataset>>() {
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The dataset of a file {@code hotpotqa.jsonl}, or of its variant with uniform lengths, {@code hotpotqa_e.jsonl}.
     */
    static Optional<Dataset> ofFile(String file) {
        String name = file.replaceFirst("\\.jsonl$", "").replaceFirst("_e$", "");
        return Optional.ofNullable(ALL.get(name));
    }

    /** The prompt of a case, split directly after its context. */
    SplitPrompt fill(String context, String input) {
        int place = prompt.indexOf(CONTEXT);
        return new SplitPrompt(prompt.substring(0, place) + context,
                prompt.substring(place + CONTEXT.length()).replace("{input}", input));
    }

    /** The part of an answer that is scored. */
    String counted(String answer) {
        if (!firstLine) {
            return answer;
        }
        String text = answer.replaceFirst("^\\n+", "");
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
