package dev.kvasir.kvcache.transfer;

/**
 * Moves pages between the frames of one device and one host store while others compute: a {@link CopyStream} by frame and
 * slot. The order that makes copies the right ones is the caller's, as with {@link CopyStream}.
 */
public interface PageTransfers extends AutoCloseable {

    /** Starts the copy of a frame into a host slot; returns the ticket to await, from 0. */
    long backup(int frame, int slot);

    /** Starts the copy of a host slot into a frame; returns the ticket to await, from 0. */
    long recall(int slot, int frame);

    /** Whether the copy has ended, well or not. */
    boolean done(long ticket);

    /**
     * Returns once the copy has ended; what it wrote is then visible.
     *
     * @throws CopyFailedException if it failed; its destination holds anything
     */
    void await(long ticket);

    /** Time spent copying while nobody waited. */
    long hiddenNanos();

    /** Time that callers have waited for copies. */
    long exposedNanos();

    /** Completes what was started, then ends. */
    @Override
    void close();
}
