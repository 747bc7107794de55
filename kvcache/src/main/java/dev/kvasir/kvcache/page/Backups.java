package dev.kvasir.kvcache.page;

import java.util.Arrays;

/**
 * Where the backups of one layer, sequence and selection group are in the {@link HostStore}, and how far they have got:
 * none, under way (with the ticket to wait for), complete. A complete backup stays so: full pages never change.
 */
public final class Backups {
    private static final long NONE = -1;
    private static final long COMPLETE = -2;

    private final int[] slot;
    private final long[] state; // ticket from 0, NONE or COMPLETE

    /** No backups, for pages {@code 0..maxPages-1}. */
    public Backups(int maxPages) {
        slot = new int[maxPages];
        state = new long[maxPages];
        Arrays.fill(state, NONE);
        Arrays.fill(slot, -1);
    }

    /** The backup of {@code page} into {@code hostSlot} is under way. */
    public void begin(int page, int hostSlot, long ticket) {
        slot[page] = hostSlot;
        state[page] = ticket;
    }

    /** The backup of {@code page} is complete. */
    public void complete(int page) {
        state[page] = COMPLETE;
    }

    /** The slot of {@code page} holds nothing of use: its backup has failed, or was given back. */
    public void forget(int page) {
        state[page] = NONE;
    }

    /** Whether the page can be recalled. */
    public boolean isComplete(int page) {
        return state[page] == COMPLETE;
    }

    /** Whether the copy may still be running. */
    public boolean isUnderWay(int page) {
        return state[page] >= 0;
    }

    /** The ticket of a backup under way. */
    public long ticket(int page) {
        return state[page];
    }

    /** The host slot of a page, -1 if it never had one. */
    public int slot(int page) {
        return slot[page];
    }

    /** Number of pages there is room for. */
    public int maxPages() {
        return slot.length;
    }
}
