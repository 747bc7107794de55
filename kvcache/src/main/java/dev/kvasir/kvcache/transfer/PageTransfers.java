package dev.kvasir.kvcache.transfer;

/**
 * Copies pages between the frames of one device and the slots of one host store while others compute.
 *
 * <p>Transfers move bytes in any order; their user keeps the order that makes the copies correct:
 * <ul>
 * <li>a backup is enqueued after the last write to its page, and sees it;</li>
 * <li>a frame is written again only after the backup of its page was awaited;</li>
 * <li>a recall is enqueued only for a backup that was awaited, and its frame is read only after the recall was.</li>
 * </ul>
 * So copies that are under way together never share a frame or a host slot. A copy that fails is reported to the caller
 * that awaits it, and harms no other copy. Every copy is to be awaited once.
 */
public interface PageTransfers extends AutoCloseable {

    /**
     * Starts the copy of a frame into a host slot.
     *
     * @return the ticket to await, from 0
     */
    long backup(int frame, int slot);

    /**
     * Starts the copy of a host slot into a frame.
     *
     * @return the ticket to await, from 0
     */
    long recall(int slot, int frame);

    /** Whether the copy has ended, well or not. */
    boolean done(long ticket);

    /**
     * Returns once the copy has ended; its destination is then visible.
     *
     * @throws CopyFailedException if it failed; its destination holds anything
     */
    void await(long ticket);

    /** Time spent copying while no caller waited. */
    long hiddenNanos();

    /** Time that callers have waited for copies, or for room to enqueue them. */
    long exposedNanos();

    /** Completes the copies that were started, then ends. */
    @Override
    void close();
}
