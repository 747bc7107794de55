package dev.kvasir.model;

import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.PromptWatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Several sequences of different lengths that share one cache and, in every step, one pass over the weights. Each
 * sequence gets the same logits as in a {@link Session} of its own. Batches and sessions of one
 * model may be used in different threads; one batch is for one thread at a time, and a call while another thread is in
 * a call throws an {@link IllegalStateException}.
 *
 * <pre>{@code
 * int a = batch.open(512);
 * batch.prefill(a, promptA);
 * …
 * batch.step(new int[]{a, b}, new int[]{tokenA, tokenB}, 2);
 * sampler.sample(batch.logits(), batch.offset(1)); // the next token of b
 * }</pre>
 */
public final class Batch implements AutoCloseable {
    private final Decoder decoder;
    private final KvCache cache;
    private final int vocabulary;
    private final PromptWatch watch;
    private final Seat seat;
    private final @Nullable KvSequence[] sequences; // by number; null if free
    private final int[] capacity; // by number
    private final KvSequence[] stepping; // the sequences of the current step
    private final boolean[] inStep;

    Batch(Turns turns, Decoder decoder, KvCache cache, int maxSequences, PromptWatch watch) {
        this.decoder = decoder;
        this.cache = cache;
        seat = new Seat(turns, decoder, "batch");
        this.watch = seat.watching(watch);
        vocabulary = decoder.config().vocabulary();
        sequences = new KvSequence[maxSequences];
        capacity = new int[maxSequences];
        stepping = new KvSequence[maxSequences];
        inStep = new boolean[maxSequences];
    }

    /**
     * Admits a sequence of up to {@code maxTokens} tokens and returns its number.
     *
     * @throws IllegalStateException if all places are taken
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the cache cannot hold it
     */
    public int open(int maxTokens) {
        seat.begin();
        try {
            int place = freePlace();
            sequences[place] = cache.open(maxTokens);
            capacity[place] = maxTokens;
            return place;
        } finally {
            seat.end();
        }
    }

    private int freePlace() {
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] == null) {
                return i;
            }
        }
        throw new IllegalStateException("all %d sequences of the batch are open: close one first"
                .formatted(sequences.length));
    }

    /**
     * Reads the prompt of an empty sequence. Its logits are at offset 0 until the next call.
     *
     * @throws ContextLengthException if the prompt does not fit; the sequence then stays empty
     */
    public float[] prefill(int number, int[] tokens) {
        Texts.checkEmpty(position(number));
        return extend(number, tokens);
    }

    /**
     * Reads more of the text of a sequence, which may be empty, as {@link Session#extend} does; {@code Extend.TOKEN} is for
     * {@link #step}. A long prompt may be given in parts, with steps of other sequences between them. Unless the policy
     * drops tokens for good, the result is that of the whole prompt. The logits are at offset 0 until the next call.
     *
     * @throws ContextLengthException if the text does not fit; none of it has then been read
     */
    public float[] extend(int number, int[] tokens) {
        seat.begin();
        try {
            int before = position(number);
            Texts.checkText(tokens, before, capacity[number], vocabulary);
            seat.checkFile();
            seat.take(1);
            StepEvent event = StepEvent.start();
            Texts.read(decoder, sequence(number), tokens, watch);
            StepEvent.finish(event, StepEvent.PROMPT, tokens.length, before);
            return seat.logits();
        } catch (InternalError e) {
            throw seat.explain(e);
        } finally {
            seat.end();
        }
    }

    /**
     * Opens a sequence that holds the same as another one and goes on alone; returns its number. Full pages are not copied.
     *
     * @throws IllegalStateException if all places are taken
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the cache cannot hold it
     * @throws UnsupportedOperationException on engines other than vector and reference
     */
    public int fork(int number) {
        seat.begin();
        try {
            int place = freePlace();
            sequences[place] = sequence(number).fork();
            capacity[place] = capacity[number];
            return place;
        } finally {
            seat.end();
        }
    }

    /**
     * Fills an empty sequence with seeded random keys and values in place of a prompt, to time long contexts without
     * reading one.
     *
     * @throws ContextLengthException if {@code tokens} tokens do not fit
     */
    public void fillRandom(int number, int tokens, long seed) {
        KvSequence sequence = sequence(number);
        if (tokens > capacity[number]) {
            throw new ContextLengthException("%d random tokens do not fit a sequence opened for %d: open it for more"
                    .formatted(tokens, capacity[number]));
        }
        seat.begin();
        try {
            sequence.fillRandom(tokens, seed);
        } finally {
            seat.end();
        }
    }

    /**
     * Reads one more token of each of the first {@code n} listed sequences.
     *
     * @param numbers the sequences; each may occur only once
     * @throws ContextLengthException if one of them is full; no sequence has then been advanced
     */
    public void step(int[] numbers, int[] tokens, int n) {
        seat.begin();
        try {
            list(numbers, tokens, n);
            seat.take(n);
            StepEvent event = StepEvent.start();
            decoder.step(stepping, tokens, n);
            StepEvent.finish(event, StepEvent.DECODE, n, n == 0 ? 0 : stepping[0].length() - 1);
        } catch (InternalError e) {
            throw seat.explain(e);
        } finally {
            seat.end();
        }
    }

    private void list(int[] numbers, int[] tokens, int n) {
        try {
            for (int i = 0; i < n; i++) {
                KvSequence sequence = sequence(numbers[i]);
                Texts.checkStep(tokens[i], sequence.length(), capacity[numbers[i]], vocabulary);
                if (inStep[numbers[i]]) {
                    throw new IllegalArgumentException(
                            "sequence %d is listed twice: give each one token a step".formatted(numbers[i]));
                }
                inStep[numbers[i]] = true;
                stepping[i] = sequence;
            }
        } finally {
            Arrays.fill(inStep, false);
        }
    }

    /** The logits of the last call, valid until the next call. Those of its i-th sequence begin at {@link #offset}. */
    public float[] logits() {
        return seat.logits();
    }

    /**
     * The most likely next token of the i-th sequence of the last call. Logits on a device are not copied to the host.
     */
    public int mostLikely(int i) {
        return seat.mostLikely(i);
    }

    /** The offset of the logits of the i-th sequence of a step. */
    public int offset(int i) {
        return i * vocabulary;
    }

    /** The number of tokens that a sequence holds. */
    public int position(int number) {
        return sequence(number).length();
    }

    /** Frees the memory of a sequence, and its number. */
    public void close(int number) {
        seat.begin();
        try {
            sequence(number).close();
            sequences[number] = null;
        } finally {
            seat.end();
        }
    }

    @Override
    public void close() {
        seat.close(() -> {
            for (int i = 0; i < sequences.length; i++) {
                KvSequence sequence = sequences[i];
                if (sequence != null) {
                    sequence.close();
                    sequences[i] = null;
                }
            }
        });
    }

    private KvSequence sequence(int number) {
        KvSequence sequence = sequences[number];
        if (sequence == null) {
            throw new IllegalStateException("sequence %d is not open".formatted(number));
        }
        return sequence;
    }
}
