package dev.kvasir.model.transformer;

import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.config.ModelConfig;

/**
 * Runs tokens of sequences of one cache through a model. A step takes one token of each of some sequences through all
 * layers and reads every weight once. Not thread-safe.
 */
public interface Decoder {

    /** The shape of the model. */
    ModelConfig config();

    /** Bytes of the buffers that live while a prompt of {@code tokens} is read. */
    long prefillBytes(int tokens);

    /** Takes one token of each of the first {@code n} sequences one step further. */
    void step(KvSequence[] sequences, int[] tokens, int n);

    /** Reads a prompt into an empty sequence, as if it were the only one of a step. */
    void prefill(KvSequence sequence, int[] tokens);

    /** The logits of the last call, {@code [sequences of that call][vocabulary]}; overwritten by the next. */
    float[] logits();

    /**
     * The most likely next token of the {@code i}-th sequence of the last call, the first of equals: cheaper than
     * {@link #logits} where those are on a device.
     *
     * @throws IllegalStateException if the largest logit is no finite number; a device may not notice, and give any token
     */
    int mostLikely(int i);
}
