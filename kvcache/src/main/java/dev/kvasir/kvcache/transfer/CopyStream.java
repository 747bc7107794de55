package dev.kvasir.kvcache.transfer;

import java.lang.foreign.MemorySegment;

/**
 * Copies pages between frames and the host store while others compute.
 *
 * <p>A stream moves bytes; its user keeps the order that makes them the right ones:
 * <ul>
 * <li>a backup is enqueued after the last write to its page, and sees it;</li>
 * <li>a frame is written again only after its page's backup was awaited;</li>
 * <li>a recall is enqueued only for a backup that was awaited, and its frame is read only after the recall was.</li>
 * </ul>
 * Copies that are under way together therefore never share a frame or host slot, and a stream may complete them in any
 * order. A copy that fails tells whoever awaits it, and harms no other copy. Everything enqueued is to be awaited once.
 * Thread-safe.
 */
public interface CopyStream extends AutoCloseable {

    /**
     * Enqueues the copy of a frame into the host store; waits while the queue is full.
     *
     * @return the ticket to await, from 0
     */
    long backup(MemorySegment frame, MemorySegment host, long hostOffset);

    /**
     * Enqueues the copy of a backup into a frame; waits while the queue is full.
     *
     * @return the ticket to await, from 0
     */
    long recall(MemorySegment host, long hostOffset, MemorySegment frame);

    /** Whether the copy has ended, well or not. */
    boolean done(long ticket);

    /**
     * Returns once the copy has ended; what it wrote is then visible.
     *
     * @throws CopyFailedException if it failed; its destination holds anything
     */
    void await(long ticket);

    /** Time spent copying while nobody waited for this stream. */
    long hiddenNanos();

    /** Time that callers have spent in {@link #await}, or enqueueing into a full queue. */
    long exposedNanos();

    /** Completes what was enqueued, then ends. */
    @Override
    void close();
}
