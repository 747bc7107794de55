package dev.kvasir.model;

import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.PromptWatch;

/**
 * Runs one text through a model: first a prompt at once, then token by token. Not thread-safe: only one call of all
 * sessions of a model may run at a time.
 *
 * <p>A prompt under a KV budget is read with full attention and evicted afterwards. The papers decode the last part of
 * it, a question about a long context, under the budget. To do the same, call {@link #prefill} with the context and
 * {@link #step} with each token of the question.
 */
public final class Session implements AutoCloseable {
    private final Decoder decoder;
    private final KvSequence[] sequence; // of one
    private final int[] token = new int[1];
    private final int capacity; // tokens
    private final int vocabulary;
    private final PromptWatch watch;

    Session(Decoder decoder, KvSequence sequence, int capacity, PromptWatch watch) {
        this.decoder = decoder;
        this.sequence = new KvSequence[]{sequence};
        this.capacity = capacity;
        vocabulary = decoder.config().vocabulary();
        this.watch = watch;
    }

    /**
     * Reads a prompt into an empty session.
     *
     * @return the logits after its last token, {@code [vocabulary]}, valid until the next call
     * @throws ContextLengthException if the prompt does not fit; the session then stays empty
     * @throws dev.kvasir.model.config.ModelException if the buffers for the prompt do not fit into memory
     * @throws IllegalStateException if the session already holds tokens
     */
    public float[] prefill(int[] tokens) {
        Texts.checkPrompt(tokens, position(), capacity, decoder);
        decoder.prefill(sequence[0], tokens, watch);
        return decoder.logits();
    }

    /**
     * Reads one more token.
     *
     * @return the logits after it, {@code [vocabulary]}, valid until the next call
     * @throws ContextLengthException if the session is full
     */
    public float[] step(int next) {
        advance(next);
        return decoder.logits();
    }

    /**
     * Reads one more token without returning its logits.
     *
     * @throws ContextLengthException if the session is full
     */
    public void advance(int next) {
        Texts.checkStep(next, position(), capacity, vocabulary);
        token[0] = next;
        decoder.step(sequence, token, 1);
    }

    /** The logits after the last token, {@code [vocabulary]}, valid until the next call. */
    public float[] logits() {
        return decoder.logits();
    }

    /** The most likely next token. Logits on a device are not copied to the host. */
    public int mostLikely() {
        return decoder.mostLikely(0);
    }

    /**
     * Reads more of a text: as a prompt if the session is empty, otherwise token by token.
     *
     * @return the logits after its last token, {@code [vocabulary]}, valid until the next call
     * @throws ContextLengthException if the text does not fit; none of it has then been read
     */
    public float[] extend(int[] tokens) {
        if (position() == 0) {
            return prefill(tokens);
        }
        Texts.checkText(tokens, position(), capacity, vocabulary);
        for (int i = 0; i < tokens.length; i++) {
            watch.read(i, tokens.length);
            advance(tokens[i]);
        }
        return decoder.logits();
    }

    /**
     * Fills an empty session with seeded random keys and values in place of a prompt, to time long contexts without
     * reading one.
     *
     * @throws ContextLengthException if {@code tokens} tokens do not fit
     */
    public void fillRandom(int tokens, long seed) {
        if (tokens > capacity) {
            throw new ContextLengthException("%d random tokens do not fit the context of %d: raise --ctx-size"
                    .formatted(tokens, capacity));
        }
        sequence[0].fillRandom(tokens, seed);
    }

    /** The number of tokens read so far, which is the position of the next one. */
    public int position() {
        return sequence[0].length();
    }

    /** The number of tokens that fit. */
    public int capacity() {
        return capacity;
    }

    @Override
    public void close() {
        sequence[0].close();
    }
}
