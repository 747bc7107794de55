package dev.kvasir.model;

import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.PromptWatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The place of one session or batch at its model's decoder. One thread at a time uses it, and its calls take turns with
 * those of the model's other sessions. Nothing is allocated while nobody waits.
 */
final class Seat {
    private final Turns turns;
    private final Decoder decoder;
    private final String owner; // in sentences: "session" or "batch"
    private final ReentrantLock user = new ReentrantLock();
    private volatile boolean closed;
    private int rows; // sequences of the last call
    private float[] logits = {}; // of the last call, if the decoder is shared
    private int[] mostLikely = {};

    Seat(Turns turns, Decoder decoder, String owner) {
        this.turns = turns;
        this.decoder = decoder;
        this.owner = owner;
    }

    /**
     * Keeps other threads out until {@link #release}. The same thread may call it again.
     *
     * @throws IllegalStateException if another thread uses the session
     */
    void hold() {
        if (!user.tryLock()) {
            throw new IllegalStateException(
                    "another thread is using this %s: open one for each thread; they may share model and cache"
                            .formatted(owner));
        }
    }

    void release() {
        user.unlock();
    }

    /**
     * Waits for the turn of a call.
     *
     * @throws IllegalStateException if another thread uses the session, or it or the model is closed
     */
    void begin() {
        hold();
        try {
            if (closed) {
                throw new IllegalStateException("this %s is closed: open another one".formatted(owner));
            }
            turns.begin();
        } catch (Throwable e) {
            release();
            throw e;
        }
    }

    void end() {
        turns.end();
        release();
    }

    /**
     * Takes the decoder for a call on {@code n} sequences. Called in this seat's turn, before the call.
     *
     * @throws dev.kvasir.model.gguf.FileChangedException if the model's file has another length by now
     */
    void take(int n) {
        turns.file().checkLength();
        if (decoder.isShared()) {
            turns.take(decoder, this);
        }
        rows = n;
    }

    /** Checks that nobody has written to the model's file, before a text is read. */
    void checkFile() {
        turns.file().checkUnchanged();
    }

    /** The exception for an error of the JVM during a call: mostly that the model's file has been cut. */
    RuntimeException explain(InternalError e) {
        return turns.file().explain(e);
    }

    /**
     * A watch of a prompt, which also ends it when the model is closed. At a decoder of its own, other sessions have
     * their turns in between.
     */
    PromptWatch watching(PromptWatch watch) {
        return (done, total) -> {
            if (decoder.isShared()) {
                turns.checkOpen();
            } else {
                turns.pause();
            }
            watch.read(done, total);
            turns.checkOpen();
        };
    }

    /** The logits of this seat's last call, {@code [sequences of that call][vocabulary]}. */
    float[] logits() {
        if (!decoder.isShared()) {
            return decoder.logits();
        }
        begin();
        try {
            if (turns.isLatest(decoder, this)) {
                keepLogits();
            }
            return logits;
        } finally {
            end();
        }
    }

    /** The most likely next token of the {@code i}-th sequence of this seat's last call. */
    int mostLikely(int i) {
        if (!decoder.isShared()) {
            return decoder.mostLikely(i);
        }
        begin();
        try {
            return turns.isLatest(decoder, this) ? decoder.mostLikely(i) : mostLikely[i];
        } finally {
            end();
        }
    }

    /** Copies the results out of a shared decoder, which another seat is about to use. */
    void keepResults() {
        keepLogits();
        if (mostLikely.length < rows) {
            mostLikely = new int[rows];
        }
        for (int i = 0; i < rows; i++) {
            mostLikely[i] = decoder.mostLikely(i);
        }
    }

    private void keepLogits() {
        int n = rows * decoder.config().vocabulary();
        if (logits.length < n) {
            logits = new float[n];
        }
        System.arraycopy(decoder.logits(), 0, logits, 0, n);
    }

    /** Frees what {@code owned} frees, when no call runs. */
    void close(Runnable owned) {
        turns.beginClose();
        try {
            closed = true;
            turns.leave(decoder, this);
            owned.run();
        } finally {
            turns.end();
        }
    }
}
