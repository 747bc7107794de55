package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.stream.IntStream;

/** The five sentences that are repeated to hide needles. */
final class Haystack {
    /** The sentences. */
    static final String SENTENCES = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";

    private Haystack() {}

    /** The first {@code tokens} tokens of the repeated sentences. */
    static int[] filler(Tokenizer tokenizer, int tokens) {
        int[] once = Texts.encode(tokenizer, " " + SENTENCES);
        return IntStream.range(0, tokens).map(i -> once[i % once.length]).toArray();
    }
}
