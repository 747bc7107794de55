package dev.kvasir.model;

import dev.kvasir.model.MemoryPlan.Part;
import dev.kvasir.model.MemoryPlan.Place;
import dev.kvasir.model.transformer.Decoder;
import java.util.List;

/** Checks of a text before memory is allocated for it. */
final class Texts {
    private Texts() {}

    static void checkPrompt(int[] tokens, int position, int capacity, Decoder decoder) {
        if (position > 0) {
            throw new IllegalStateException(
                    "a prompt is read into an empty sequence, but this one holds %d tokens: step through the rest"
                            .formatted(position));
        }
        checkText(tokens, position, capacity, decoder.config().vocabulary());
        new MemoryPlan(List.of(new Part("buffers of a prompt of %d tokens".formatted(tokens.length), Place.HEAP,
                decoder.prefillBytes(tokens.length), "shorten the prompt"))).check();
    }

    static void checkText(int[] tokens, int position, int capacity, int vocabulary) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("a text of 0 tokens predicts nothing: give at least one");
        }
        if (tokens.length > capacity - position) {
            throw new ContextLengthException(position == 0
                    ? "the prompt has %d tokens, but the context holds %d: shorten the prompt or raise contextTokens"
                            .formatted(tokens.length, capacity)
                    : "%d more tokens after %d do not fit the context of %d: shorten the text or raise contextTokens"
                            .formatted(tokens.length, position, capacity));
        }
        for (int token : tokens) {
            checkToken(token, vocabulary);
        }
    }

    static void checkStep(int token, int position, int capacity, int vocabulary) {
        if (position >= capacity) {
            throw new ContextLengthException(
                    "the context of %d tokens is full: raise contextTokens or lower maxTokens".formatted(capacity));
        }
        checkToken(token, vocabulary);
    }

    private static void checkToken(int token, int vocabulary) {
        if (token < 0 || token >= vocabulary) {
            throw new IllegalArgumentException(
                    "token %d is not one of the model's 0..%d: was it made by another model's tokenizer?".formatted(
                            token,
                            vocabulary - 1));
        }
    }
}
