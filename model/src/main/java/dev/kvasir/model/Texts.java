package dev.kvasir.model;

import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.MemoryPlan.Part;
import dev.kvasir.model.MemoryPlan.Place;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.PromptWatch;
import java.util.Arrays;
import java.util.List;

/** Reads texts, and checks them before memory is allocated. */
final class Texts {
    private Texts() {}

    static void checkEmpty(int position) {
        if (position > 0) {
            throw new IllegalStateException(
                    "a prompt is read into an empty sequence, but this one holds %d tokens: extend it"
                            .formatted(position));
        }
    }

    /**
     * Reads a text behind what a sequence holds. If it is long, it is read in parts, so that the buffers for it are bounded.
     */
    static void read(Decoder decoder, KvSequence sequence, int[] text, PromptWatch watch) {
        int held = sequence.name(text);
        int[] tokens = Arrays.copyOfRange(text, held, text.length);
        int part = sequence.readsInParts() ? Math.min(tokens.length, decoder.textPart()) : tokens.length;
        new MemoryPlan(List.of(new Part("buffers of %d tokens of a text".formatted(part), Place.HEAP,
                decoder.prefillBytes(part), "shorten the prompt"))).check();
        if (part == tokens.length) {
            decoder.prefill(sequence, tokens, watch);
            return;
        }
        for (int from = 0; from < tokens.length; from += part) {
            int[] some = Arrays.copyOfRange(tokens, from, Math.min(from + part, tokens.length));
            long read = from;
            decoder.prefill(sequence, some, (done, total) -> {
                long layers = total / some.length;
                watch.read(read * layers + done, tokens.length * layers);
            });
        }
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
