package dev.kvasir.lab.task;

import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.stream.IntStream;

/** The five sentences in which needles are hidden, over and over. */
final class Haystack {
    /** The sentences. */
    static final String SENTENCES = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";

    private Haystack() {}

    /** So many tokens of it. */
    static int[] filler(Tokenizer tokenizer, int tokens) {
        int[] once = Texts.encode(tokenizer, " " + SENTENCES);
        return IntStream.range(0, tokens).map(i -> once[i % once.length]).toArray();
    }
}
