package dev.kvasir.model;

import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.state.StateOutput;
import dev.kvasir.kvcache.state.StateWriter;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.PromptWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one text through a model: first a prompt at once, then token by token.
 *
 * <p>Sessions of one model may be used in different threads. Each step waits for its turn, and a long prompt lets the
 * steps of others in between, except on the TornadoVM engines. One session is for one thread at a time: a call while
 * another thread is in a call, or in a {@link Generation}, throws an {@link IllegalStateException}. {@link #close} may
 * be called from any thread.
 *
 * <p>A prompt under a KV budget is read with full attention and evicted afterwards. The papers decode the last part of
 * it, a question about a long context, under the budget. To do the same, call {@link #prefill} with the context and
 * {@link #stepThrough} with the question. Text that is {@link #extend added} later is read like a prompt.
 */
public final class Session implements AutoCloseable {
    private final Turns turns;
    private final Supplier<Decoder> decoders;
    private final Decoder decoder;
    private final KvSequence[] sequence; // of one
    private final int[] token = new int[1];
    private final int capacity; // tokens
    private final int vocabulary;
    private final PromptWatch promptWatch;
    private final PromptWatch textWatch;
    private final Seat seat;
    private final GgufFile file; // of the model

    Session(Turns turns, Supplier<Decoder> decoders, KvSequence sequence, int capacity, PromptWatch watch) {
        this.turns = turns;
        this.decoders = decoders;
        decoder = decoders.get();
        seat = new Seat(turns, decoder, "session");
        file = turns.file();
        this.sequence = new KvSequence[]{sequence};
        this.capacity = capacity;
        vocabulary = decoder.config().vocabulary();
        textWatch = watch;
        promptWatch = seat.watching(watch);
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
        seat.begin();
        try {
            Texts.checkEmpty(position());
            return read(tokens);
        } finally {
            seat.end();
        }
    }

    private float[] read(int[] tokens) {
        int before = position();
        try {
            Texts.checkText(tokens, before, capacity, vocabulary);
            seat.checkFile();
            seat.take(1);
            StepEvent event = StepEvent.start();
            Texts.read(decoder, sequence[0], tokens, promptWatch);
            StepEvent.finish(event, StepEvent.PROMPT, tokens.length, before);
            return seat.logits();
        } catch (InternalError e) {
            throw seat.explain(e);
        }
    }

    /**
     * Reads one more token.
     *
     * @return the logits after it, {@code [vocabulary]}, valid until the next call
     * @throws ContextLengthException if the session is full
     */
    public float[] step(int next) {
        advance(next);
        return seat.logits();
    }

    /**
     * Reads one more token without returning its logits.
     *
     * @throws ContextLengthException if the session is full
     */
    public void advance(int next) {
        seat.begin();
        try {
            Texts.checkStep(next, position(), capacity, vocabulary);
            token[0] = next;
            seat.take(1);
            StepEvent event = StepEvent.start();
            decoder.step(sequence, token, 1);
            StepEvent.finish(event, StepEvent.DECODE, 1, sequence[0].length() - 1);
        } catch (InternalError e) {
            throw seat.explain(e);
        } finally {
            seat.end();
        }
    }

    /**
     * Opens a session that holds the same text in the same cache and goes on alone. Full pages are not copied.
     *
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the cache cannot hold one more sequence
     * @throws UnsupportedOperationException on engines other than vector and reference
     */
    public Session fork() {
        seat.begin();
        try {
            var fork = new Session(turns, decoders, sequence[0].fork(), capacity, textWatch);
            float[] logits = seat.logits();
            System.arraycopy(logits, 0, fork.decoder.logits(), 0, logits.length);
            return fork;
        } finally {
            seat.end();
        }
    }

    /** The logits after the last token, {@code [vocabulary]}, valid until the next call. */
    public float[] logits() {
        return seat.logits();
    }

    /** The most likely next token. Logits on a device are not copied to the host. */
    public int mostLikely() {
        return seat.mostLikely(0);
    }

    /**
     * Reads more of a text at the speed of a prompt, as {@link dev.kvasir.kvcache.plan.CacheOptions#extend} says. By
     * default it attends to everything before it, also to what has been evicted, and the budget applies afterwards: the
     * logits are those of one prompt that holds all the text.
     *
     * @return the logits after its last token, {@code [vocabulary]}, valid until the next call
     * @throws ContextLengthException if the text does not fit; none of it has then been read
     * @throws dev.kvasir.model.config.ModelException if the buffers for the text do not fit into memory
     */
    public float[] extend(int[] tokens) {
        if (sequence[0].extend() == Extend.TOKEN && position() > 0) {
            return stepThrough(tokens);
        }
        seat.begin();
        try {
            return read(tokens);
        } finally {
            seat.end();
        }
    }

    /**
     * Reads more of a text token by token under the policy, as the papers read a question about a long context.
     *
     * @return the logits after its last token, {@code [vocabulary]}, valid until the next call
     * @throws ContextLengthException if the text does not fit; none of it has then been read
     */
    public float[] stepThrough(int[] tokens) {
        seat.hold();
        try {
            Texts.checkText(tokens, position(), capacity, vocabulary);
            seat.checkFile();
            for (int i = 0; i < tokens.length; i++) {
                textWatch.read(i, tokens.length);
                advance(tokens[i]);
            }
            return seat.logits();
        } finally {
            seat.release();
        }
    }

    /**
     * Fills an empty session with seeded random keys and values in place of a prompt, to time long contexts without
     * reading one.
     *
     * @throws ContextLengthException if {@code tokens} tokens do not fit
     */
    public void fillRandom(int tokens, long seed) {
        if (tokens > capacity) {
            throw new ContextLengthException("%d random tokens do not fit the context of %d: raise contextTokens"
                    .formatted(tokens, capacity));
        }
        seat.begin();
        try {
            sequence[0].fillRandom(tokens, seed);
        } finally {
            seat.end();
        }
    }

    /**
     * Writes the session to a file, from which {@link Model#restore(KvCache, Path)} makes one that continues as this one
     * would: the keys and values with their backups and digests, the state of the policy, and the logits. The file
     * appears when it is complete; until then an older one of its name stays.
     *
     * @throws FailureException if the engine or the policy does not save its state
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if a prompt of this session was not read to its end
     */
    public void save(Path path) throws IOException {
        save(path, null, null);
    }

    /** As {@link #save(Path)}, with the state of the sampler that draws the tokens of this session. */
    public void save(Path path, Sampler sampler) throws IOException {
        save(path, sampler, null);
    }

    /** As {@link #save(Path)}; {@code sampler} and {@code conversation} are saved, too, if they are there. */
    void save(Path path, @Nullable Sampler sampler, @Nullable Consumer<StateWriter> conversation) throws IOException {
        seat.begin();
        try {
            SessionFile.write(path, file, new SessionFile.Head(capacity, position()), sampler, conversation, out -> {
                if (position() > 0) {
                    sequence[0].save(out);
                    out.values("logits", state -> state.writeFloats(decoder.logits(), vocabulary));
                } else {
                    sequence[0].save(new StateOutput(bytes -> {})); // refuses what could not be saved later
                }
            });
        } finally {
            seat.end();
        }
    }

    /** Takes up what is left of a file whose {@link SessionFile.Head} has been read. */
    void restore(SessionFile saved) throws IOException {
        seat.begin();
        try {
            saved.read(in -> {
                if (saved.head().position() > 0) {
                    sequence[0].restore(in);
                    in.values("logits", state -> state.readFloats(decoder.logits()));
                }
                in.end();
            });
        } finally {
            seat.end();
        }
    }

    /** The number of tokens read so far, which is the position of the next one. */
    public int position() {
        return sequence[0].length();
    }

    /** The number of tokens that fit. */
    public int capacity() {
        return capacity;
    }

    /**
     * Keeps other threads out until {@link #release}, over several calls.
     *
     * @throws IllegalStateException if another thread uses this session
     */
    void hold() {
        seat.hold();
    }

    void release() {
        seat.release();
    }

    @Override
    public void close() {
        seat.close(sequence[0]::close);
    }
}
