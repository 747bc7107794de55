package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import java.io.IOException;

/**
 * One sequence in a {@link KvCache}. A text goes in layer by layer (all its chunks through layer 0, then layer 1, …),
 * decoded tokens go in step by step. A text may follow on another text or on steps:
 *
 * <pre>{@code
 * sequence.beginPrefill(n);
 * for each layer { for each chunk { sequence.prefill(layer, q, k, v, chunkTokens, out); } sequence.endPrefill(layer); }
 *
 * sequence.beginStep();
 * for each layer { sequence.step(layer, q, qOffset, k, kOffset, v, vOffset, out, outOffset); }
 * }</pre>
 *
 * Queries are {@code [queryHeads][headDim]}, keys and values {@code [kvHeads][headDim]} per token, post-RoPE. The first
 * decoded token has position {@link #length()} as it was before {@link #beginStep}.
 */
public interface KvSequence extends AutoCloseable {

    /** Tokens held, the one of the step under way included. */
    int length();

    /** How a text is to be read if the sequence holds tokens. */
    Extend extend();

    /** Whether a text may be cut into several, one after the other, with the same result. */
    boolean readsInParts();

    /**
     * Names the tokens of the text that comes next. If the cache keeps prefixes, an empty sequence begins with the pages of
     * an earlier text that starts alike.
     *
     * @return how many of these tokens the sequence holds now: they are not to be read again. At least one is left
     */
    default int name(int[] text) {
        return 0;
    }

    /** Announces a text of {@code tokens}, behind those that the sequence holds. */
    void beginPrefill(int tokens);

    /**
     * Appends the keys and values of the next {@code tokens} tokens of the text and attends their queries causally to
     * themselves and to all tokens before them that the policy has not dropped for good. Under {@link Extend#SELECT}
     * evicted pages come back only if the last of these queries select them.
     *
     * @param q {@code [tokens][queryHeads][headDim]}
     * @param k {@code [tokens][kvHeads][headDim]}
     * @param v {@code [tokens][kvHeads][headDim]}
     * @param out {@code [tokens][queryHeads][headDim]}
     */
    void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out);

    /** Ends the text in one layer: evicts down to the budget, scored with the last queries of the text. */
    void endPrefill(int layer);

    /**
     * Gives an empty sequence {@code tokens} tokens of seeded random keys and values, each element N(0, 1), in place of
     * a prompt: digested, backed up and evicted down to the budget as after one, so that long contexts can be timed
     * without a long prefill.
     */
    void fillRandom(int tokens, long seed);

    /** Starts a decode step: the sequence grows by one token. */
    void beginStep();

    /** Appends the new token's key and value in one layer and attends its query to what the policy chooses. */
    void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset, float[] out,
            int outOffset);

    /**
     * Writes everything that the sequence holds and that its next steps depend on: tokens and pages with their backups and
     * digests, and the state of the policy. Only between two steps. The sequence goes on afterwards as if nothing had
     * happened.
     *
     * @throws StateException if its cache or its policy cannot be saved
     */
    default void save(StateOutput out) throws IOException {
        throw new StateException(
                "the pages of this engine cannot be saved: set EngineOptions.kind to vector or reference");
    }

    /**
     * Gives an empty sequence what another one held when it was saved. Its next steps choose, attend and evict as those of
     * the other one would have, bit for bit on the same engine and machine.
     *
     * @throws StateException if the bytes are damaged, or the other sequence was kept by other options. The sequence can
     *             then only be closed
     */
    default void restore(StateInput in) throws IOException {
        throw new StateException(
                "the pages of this engine cannot be restored: set EngineOptions.kind to vector or reference");
    }

    /**
     * Opens a sequence that holds the same and goes on alone, of the same number of tokens at most. Full pages are not
     * copied; both hold them. Only between two steps.
     *
     * @throws KvMemoryException if the cache cannot hold one more
     * @throws UnsupportedOperationException if the device of this sequence cannot copy the page being filled
     */
    default KvSequence fork() {
        throw new UnsupportedOperationException(
                "the sequences of this engine cannot be forked: set EngineOptions.kind to vector or reference");
    }

    /** Frees everything the sequence holds. */
    @Override
    void close();
}
