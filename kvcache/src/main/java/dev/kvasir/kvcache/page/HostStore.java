package dev.kvasir.kvcache.page;

import dev.kvasir.kernels.memory.BigMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Host memory for backups, in slots of one page, off the heap. The store allocates it in chunks as backups need them, up
 * to a limit that is set once, and frees it when it closes. A backup may have several holders, because a full page does
 * not change any more. Thread-safe.
 */
public final class HostStore implements AutoCloseable {
    private static final long CHUNK_BYTES = 32L << 20;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> chunks = new ArrayList<>();
    private final long slotBytes;
    private final int slotsPerChunk;
    private final int slots;
    private int[] free = new int[64];
    private int freeCount;
    private int[] holders = new int[64];
    private int opened; // slots that have been handed out at least once
    private int peak;

    /** A store of {@code slots} slots of {@code slotBytes}. */
    public HostStore(int slots, long slotBytes) {
        this.slots = slots;
        this.slotBytes = slotBytes;
        slotsPerChunk = (int) Math.max(1, Math.min(slots, CHUNK_BYTES / slotBytes));
    }

    /**
     * Takes a free slot.
     *
     * @throws IllegalStateException if none is free: callers reserve slots before they take them
     */
    public synchronized int take() {
        int slot;
        if (freeCount > 0) {
            slot = free[--freeCount];
        } else if (opened < slots) {
            slot = opened++;
            if (slot / slotsPerChunk == chunks.size()) {
                int inChunk = Math.min(slotsPerChunk, slots - slot);
                chunks.add(BigMemory.allocate(arena, inChunk * slotBytes));
            }
            if (slot == holders.length) {
                holders = Arrays.copyOf(holders, 2 * holders.length);
            }
        } else {
            throw new IllegalStateException(
                    "all %d host slots are taken: more were taken than reserved".formatted(slots));
        }
        holders[slot] = 1;
        peak = Math.max(peak, opened - freeCount);
        return slot;
    }

    /**
     * Adds a holder to a slot that is taken.
     *
     * @throws IllegalStateException if it is free
     */
    public synchronized void share(int slot) {
        if (holders[slot] == 0) {
            throw new IllegalStateException("host slot %d is free: it cannot be shared".formatted(slot));
        }
        holders[slot]++;
    }

    /** Whether a slot has more than one holder. */
    public synchronized boolean isShared(int slot) {
        return holders[slot] > 1;
    }

    /** Whether no slot is free. */
    public synchronized boolean isFull() {
        return freeCount == 0 && opened == slots;
    }

    /**
     * Gives a slot back.
     *
     * @throws IllegalArgumentException if there is no such slot
     * @throws IllegalStateException if it is free already
     */
    public synchronized void free(int slot) {
        if (slot < 0 || slot >= slots) {
            throw new IllegalArgumentException("host slot %d is none of 0 to %d".formatted(slot, slots - 1));
        }
        if (slot >= opened || holders[slot] == 0) {
            throw new IllegalStateException("host slot %d is freed twice".formatted(slot));
        }
        if (--holders[slot] > 0) {
            return;
        }
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * free.length);
        }
        free[freeCount++] = slot;
    }

    /** The chunk that holds a slot. */
    public synchronized MemorySegment memory(int slot) {
        return chunks.get(slot / slotsPerChunk);
    }

    /** Byte offset of a slot in its chunk. */
    public long offset(int slot) {
        return slot % slotsPerChunk * slotBytes;
    }

    /** Bytes of a slot. */
    public long slotBytes() {
        return slotBytes;
    }

    /** Number of slots. */
    public int slots() {
        return slots;
    }

    /** Slots taken now. */
    public synchronized int used() {
        return opened - freeCount;
    }

    /** The most slots ever taken at once. */
    public synchronized int peak() {
        return peak;
    }

    @Override
    public void close() {
        arena.close();
    }
}
