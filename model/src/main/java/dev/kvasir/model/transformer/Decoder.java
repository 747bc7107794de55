package dev.kvasir.model.transformer;

import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.config.ModelConfig;

/**
 * Runs the tokens of a cache's sequences through a model. A step runs one token of each of several sequences through
 * all layers and reads every weight once. Not thread-safe.
 */
public interface Decoder {

    /** The shape of the model. */
    ModelConfig config();

    /** Bytes of the buffers while {@code tokens} tokens are read at once. */
    long prefillBytes(int tokens);

    /**
     * The most tokens of a text that are read at once; longer texts are read in parts of this length, if
     * {@link KvSequence#readsInParts}.
     */
    int textPart();

    /** Runs one step with one token of each of the first {@code n} sequences. */
    void step(KvSequence[] sequences, int[] tokens, int n);

    /**
     * Reads a text behind what a sequence holds, in chunks. Its logits are then those of a step with this sequence only.
     *
     * @param watch receives the progress; if it throws, the sequence can only be closed
     */
    void prefill(KvSequence sequence, int[] tokens, PromptWatch watch);

    /** Whether all sequences of a cache share this decoder, so that each call overwrites the results of another's. */
    default boolean isShared() {
        return false;
    }

    /** The logits of the last call, {@code [sequences of that call][vocabulary]}; overwritten by the next. */
    float[] logits();

    /**
     * The most likely next token of the {@code i}-th sequence of the last call; the first of equals. It is cheaper than
     * {@link #logits} if those are on a device.
     *
     * @throws IllegalStateException if the largest logit is not a finite number; a device may not detect it and return
     *             any token
     */
    int mostLikely(int i);
}
