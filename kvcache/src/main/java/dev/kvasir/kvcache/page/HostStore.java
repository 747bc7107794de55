package dev.kvasir.kvcache.page;

import dev.kvasir.kernels.memory.BigMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Room for backups, in slots of one page: host memory off the heap, and a file for those slots that it has no room for.
 * The store allocates memory in chunks as backups need them, up
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
    private final int cells; // slots that memory has room for
    private final @Nullable DiskCells disk;
    private int[] free = new int[64];
    private int freeCount;
    private int[] holders = new int[64];
    private int opened; // slots that have been handed out at least once
    private int peak;

    /** A store of {@code slots} slots of {@code slotBytes} in memory. */
    public HostStore(int slots, long slotBytes) {
        this(slots, slots, slotBytes, null);
    }

    /**
     * A store of {@code slots} slots of {@code slotBytes}, of which memory has room for {@code cells}.
     *
     * @param file for the others; null if there are none. It is closed with the store
     */
    public HostStore(int slots, int cells, long slotBytes, @Nullable SlotFile file) {
        this.slots = slots;
        this.cells = cells;
        this.slotBytes = slotBytes;
        slotsPerChunk = (int) Math.max(1, Math.min(cells, CHUNK_BYTES / slotBytes));
        disk = file == null ? null : new DiskCells(file, slots, cells, slotBytes, this::cellMemory);
        for (int cell = 0; disk != null && cell < cells; cell += slotsPerChunk) {
            allocateChunk();
        }
    }

    private void allocateChunk() {
        int inChunk = Math.min(slotsPerChunk, cells - chunks.size() * slotsPerChunk);
        chunks.add(BigMemory.allocate(arena, inChunk * slotBytes));
    }

    private MemorySegment cellMemory(int cell) {
        return chunks.get(cell / slotsPerChunk).asSlice(cell % slotsPerChunk * slotBytes, slotBytes);
    }

    /**
     * Takes a free slot. It is pinned, if there is a file: {@link #unpin} says that its contents are complete.
     *
     * @throws StoreException if the file takes no more
     * @throws IllegalStateException if none is free: callers reserve slots before they take them
     */
    public synchronized int take() {
        int slot;
        if (freeCount > 0) {
            slot = free[--freeCount];
        } else if (opened < slots) {
            slot = opened++;
            if (disk == null && slot / slotsPerChunk == chunks.size()) {
                allocateChunk();
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
        if (disk != null) {
            openOnDisk(disk, slot);
        }
        return slot;
    }

    private void openOnDisk(DiskCells cellsOfDisk, int slot) {
        try {
            cellsOfDisk.open(slot);
        } catch (StoreException e) {
            free(slot);
            throw e;
        }
    }

    /** Whether no cell of memory can be freed until a copy ends. */
    public boolean isTight() {
        return disk != null && disk.isTight();
    }

    /**
     * Keeps a slot in memory for a copy, until {@link #unpin}. If it is on disk, it begins to be read.
     *
     * @return whether it is in memory; else {@link #awaitRead} is to be called first
     * @throws StoreException if the file takes no backup in its place
     */
    public boolean pin(int slot) {
        return disk == null || disk.pin(slot);
    }

    /**
     * Waits until a pinned slot has been read.
     *
     * @throws StoreException if it cannot be read; it is no longer pinned then
     */
    public void awaitRead(int slot) {
        if (disk != null) {
            disk.awaitRead(slot);
        }
    }

    /** A copy to or from a slot has ended, which was pinned. */
    public void unpin(int slot) {
        if (disk != null) {
            disk.unpin(slot);
        }
    }

    /** Bytes of backups written to the file. */
    public long bytesWritten() {
        return disk == null ? 0 : disk.slotsWritten() * slotBytes;
    }

    /** Bytes of backups read from the file. */
    public long bytesRead() {
        return disk == null ? 0 : disk.slotsRead() * slotBytes;
    }

    /** Slots that memory has room for. */
    public int cells() {
        return cells;
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
        if (disk != null) {
            disk.close(slot);
        }
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * free.length);
        }
        free[freeCount++] = slot;
    }

    /** The chunk that holds a slot, which is pinned if there is a file. */
    public synchronized MemorySegment memory(int slot) {
        return chunks.get(cell(slot) / slotsPerChunk);
    }

    /** Byte offset of a slot in its chunk. */
    public long offset(int slot) {
        return cell(slot) % slotsPerChunk * slotBytes;
    }

    private int cell(int slot) {
        return disk == null ? slot : disk.cell(slot);
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
        if (disk != null) {
            disk.close();
        }
        arena.close();
    }
}
