package dev.kvasir.model;

import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.transformer.Decoder;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of the calls on one model. One call at a time runs, in the order of arrival, because the engine's workers
 * and buffers are shared. After the model is closed none runs.
 */
final class Turns {
    private final ReentrantLock lock = new ReentrantLock(true); // fair, so that no session waits for the end of another
    private final Map<Decoder, Seat> latest = new IdentityHashMap<>(); // of decoders that several seats share
    private final GgufFile file;
    private volatile boolean closed;

    /** @param file the model's file, from which the calls read */
    Turns(GgufFile file) {
        this.file = file;
    }

    /** The model's file. */
    GgufFile file() {
        return file;
    }

    /**
     * Waits for this thread's turn.
     *
     * @throws IllegalStateException if the model is closed
     */
    void begin() {
        lock.lock();
        if (closed) {
            lock.unlock();
            checkOpen();
        }
    }

    /** As {@link #begin}, also on a closed model. */
    void beginClose() {
        lock.lock();
    }

    void end() {
        lock.unlock();
    }

    /** Lets the threads that wait have a turn in the middle of this thread's. */
    void pause() {
        if (lock.hasQueuedThreads() && lock.getHoldCount() == 1) {
            lock.unlock();
            lock.lock();
        }
        checkOpen();
    }

    /** @throws IllegalStateException if the model is closed */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the model is closed: load it again, and close it after its last session");
        }
    }

    /** From now on the results of a shared decoder are those of {@code seat}. Others keep a copy of theirs. */
    void take(Decoder decoder, Seat seat) {
        Seat before = latest.get(decoder);
        if (before != seat) {
            if (before != null) {
                before.keepResults();
            }
            latest.put(decoder, seat);
        }
    }

    /** Whether a shared decoder still has the results of {@code seat}. */
    boolean isLatest(Decoder decoder, Seat seat) {
        return latest.get(decoder) == seat;
    }

    /** Forgets a seat. */
    void leave(Decoder decoder, Seat seat) {
        latest.remove(decoder, seat);
    }

    /** Ends the calls: waits for the step under way, ends a prompt under way, and frees the model once. */
    void close(Runnable free) {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        lock.lock();
        try {
            if (first) {
                free.run();
            }
        } finally {
            lock.unlock();
        }
    }
}
