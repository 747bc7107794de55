package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.page.StoreException;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies of backups into frames that are under way, in the order in which they began. A backup that is on disk alone is
 * read into host memory first; several are read at once.
 */
final class Recalls {
    private static final long AWAITED = -1;
    private static final long READING = -2; // from the disk

    private final HostStore host;
    private final PageTransfers transfers;
    private long[] tickets = new long[16];
    private GroupPages[] groups = new GroupPages[16];
    private int[] pages = new int[16];
    private int count;

    Recalls(HostStore host, PageTransfers transfers) {
        this.host = host;
        this.transfers = transfers;
    }

    /** Whether a page is one of them. */
    boolean contains(GroupPages group, int page) {
        for (int i = 0; i < count; i++) {
            if (pages[i] == page && groups[i] == group) {
                return true;
            }
        }
        return false;
    }

    int count() {
        return count;
    }

    GroupPages group(int i) {
        return groups[i];
    }

    int page(int i) {
        return pages[i];
    }

    /**
     * Starts the copy of a complete backup into a frame, which the page table is to receive.
     *
     * @throws StoreException if the backup is on disk and no other gives it a place in memory
     */
    void start(GroupPages group, int page, int frame) {
        int slot = group.backups.slot(page);
        long ticket = host.pin(slot) ? transfers.recall(slot, frame) : READING;
        if (count == tickets.length) {
            tickets = Arrays.copyOf(tickets, 2 * count);
            groups = Arrays.copyOf(groups, 2 * count);
            pages = Arrays.copyOf(pages, 2 * count);
        }
        tickets[count] = ticket;
        groups[count] = group;
        pages[count++] = page;
    }

    /**
     * Waits for all of them. A page that did not come has no frame, as before, and is no longer one of them.
     *
     * @param freed receives the frames of those
     * @return the last failure; null if all have come
     */
    @Nullable
    CopyFailedException await(IntConsumer freed) {
        CopyFailedException failure = readAll(freed);
        int arrived = 0;
        for (int i = 0; i < count; i++) {
            try {
                if (tickets[i] != AWAITED) {
                    transfers.await(tickets[i]);
                    host.unpin(slot(i));
                }
                tickets[i] = AWAITED;
                move(i, arrived++);
            } catch (CopyFailedException e) {
                host.unpin(slot(i));
                freed.accept(groups[i].table.remove(pages[i]));
                failure = e;
            }
        }
        count = arrived;
        return failure;
    }

    /** Starts the copies of backups that were read from the disk. */
    private @Nullable CopyFailedException readAll(IntConsumer freed) {
        CopyFailedException failure = null;
        int read = 0;
        for (int i = 0; i < count; i++) {
            try {
                if (tickets[i] == READING) {
                    host.awaitRead(slot(i));
                    tickets[i] = transfers.recall(slot(i), groups[i].table.frame(pages[i]));
                }
                move(i, read++);
            } catch (StoreException e) {
                freed.accept(groups[i].table.remove(pages[i]));
                failure = new CopyFailedException(String.valueOf(e.getMessage()), e);
            }
        }
        count = read;
        return failure;
    }

    private int slot(int i) {
        return groups[i].backups.slot(pages[i]);
    }

    private void move(int from, int to) {
        tickets[to] = tickets[from];
        groups[to] = groups[from];
        pages[to] = pages[from];
    }

    /** Forgets them; they have been awaited. */
    void clear() {
        count = 0;
    }
}
