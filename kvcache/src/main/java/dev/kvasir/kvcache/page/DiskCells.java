package dev.kvasir.kvcache.page;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which slots are in memory and which are on disk. Memory has fewer cells than there are slots. A slot whose backup is
 * complete is written to the file in the background when few cells are free, those first that were wanted the longest time
 * ago, neighbours together. Its cell is then free for another slot. A slot without a cell is read back before it is
 * copied to the device; several are read at once.
 *
 * <p>A slot that a copy uses is pinned: it keeps its cell. Contents never change once they are complete, so that what is
 * in the file stays right until the slot is given back.
 */
final class DiskCells implements AutoCloseable {
    private static final int READERS = 4;
    private static final long WRITE_BYTES = 2L << 20;
    private static final int NONE = -1;

    /** What happens in a cell. */
    private enum State {
        FREE,
        READY,
        READING,
        WRITING,
        DAMAGED
    }

    private final SlotFile file;
    private final IntFunction<MemorySegment> memory; // of a cell
    private final ExecutorService threads;
    private final int[] cellOf; // [slots]
    private final boolean[] stored; // [slots]: the file has it
    private final int[] slotOf; // [cells]
    private final State[] states; // [cells]
    private final int[] pins; // [cells]
    private final long[] wanted; // [cells] when last
    private final int fewFree;
    private final int batch; // slots written at once, at most
    private long now;
    private final boolean[] freeable; // [cells]: holds no slot, or one that is in the file and not pinned
    private int freeableCells;
    private boolean writing;
    private @Nullable IOException broken; // the file takes no more
    private @Nullable IOException unread; // of the slot read last in vain
    private long slotsWritten;
    private long slotsRead;

    DiskCells(SlotFile file, int slots, int cells, long slotBytes, IntFunction<MemorySegment> memory) {
        this.file = file;
        this.memory = memory;
        cellOf = new int[slots];
        stored = new boolean[slots];
        slotOf = new int[cells];
        states = new State[cells];
        pins = new int[cells];
        wanted = new long[cells];
        Arrays.fill(cellOf, NONE);
        Arrays.fill(slotOf, NONE);
        Arrays.fill(states, State.FREE);
        freeable = new boolean[cells];
        Arrays.fill(freeable, true);
        freeableCells = cells;
        fewFree = Math.max(1, cells / 4);
        batch = (int) Math.max(1, WRITE_BYTES / slotBytes);
        threads = Executors.newFixedThreadPool(READERS + 1,
                Thread.ofPlatform().daemon().name("kvasir-disk-", 0).factory());
    }

    /** The cell of a slot that is in memory. */
    synchronized int cell(int slot) {
        if (cellOf[slot] == NONE) {
            throw new IllegalStateException("host slot %d is on disk: pin it first".formatted(slot));
        }
        return cellOf[slot];
    }

    /** Whether every cell is pinned or in use by the file: a caller that holds pins gives some back before it goes on. */
    synchronized boolean isTight() {
        for (int cell = 0; cell < slotOf.length; cell++) {
            if (pins[cell] == 0 && states[cell] != State.READING) {
                return false;
            }
        }
        return true;
    }

    /** Gives a new slot a cell, pinned until its contents are complete. */
    synchronized void open(int slot) {
        stored[slot] = false;
        claim(slot, State.READY);
    }

    /**
     * Pins a slot. If it is on disk, it begins to be read.
     *
     * @return whether it is in memory; else {@link #awaitRead} is to be called
     */
    synchronized boolean pin(int slot) {
        int cell = cellOf[slot];
        if (cell == NONE) {
            int taken = claim(slot, State.READING);
            threads.execute(() -> read(slot, taken));
            return false;
        }
        hold(cell);
        return states[cell] != State.READING;
    }

    /** Finds a cell for a slot: a free one, or that of the slot in the file that was wanted the longest time ago. */
    private int claim(int slot, State state) {
        int cell = freeable();
        while (cell == NONE) {
            if (broken != null) {
                throw new StoreException(
                        "the disk store in %s takes no more backups: %s. Free space there, or raise CacheOptions.hostMemory"
                                .formatted(file.place(), broken.getMessage()),
                        broken);
            }
            checkNotStuck();
            write();
            await();
            cell = freeable();
        }
        if (slotOf[cell] != NONE) {
            cellOf[slotOf[cell]] = NONE;
        }
        slotOf[cell] = slot;
        cellOf[slot] = cell;
        states[cell] = state;
        pins[cell] = 1;
        wanted[cell] = ++now;
        changed(cell);
        write();
        return cell;
    }

    private void checkNotStuck() {
        for (int cell = 0; cell < slotOf.length; cell++) {
            if (pins[cell] == 0 || states[cell] == State.WRITING) {
                return;
            }
        }
        throw new StoreException(
                "all %d backups that host memory has room for are on their way at once: raise CacheOptions.hostMemory"
                        .formatted(slotOf.length),
                null);
    }

    private int freeable() {
        int oldest = NONE;
        for (int cell = 0; cell < slotOf.length; cell++) {
            if (states[cell] == State.FREE) {
                return cell;
            }
            if (freeable[cell] && (oldest == NONE || wanted[cell] < wanted[oldest])) {
                oldest = cell;
            }
        }
        return oldest;
    }

    private boolean isIdle(int cell) {
        return states[cell] == State.READY && pins[cell] == 0;
    }

    private void hold(int cell) {
        pins[cell]++;
        wanted[cell] = ++now;
        changed(cell);
    }

    /** A copy that used a slot has ended. */
    synchronized void unpin(int slot) {
        int cell = cellOf[slot];
        pins[cell]--;
        if (states[cell] == State.DAMAGED && pins[cell] == 0) {
            release(cell);
        }
        changed(cell);
        write();
        notifyAll();
    }

    /**
     * Waits until a pinned slot has been read.
     *
     * @throws StoreException if it cannot be read; it is no longer pinned then
     */
    synchronized void awaitRead(int slot) {
        int cell = cellOf[slot];
        while (states[cell] == State.READING) {
            await();
        }
        if (states[cell] == State.DAMAGED) {
            unpin(slot);
            throw new StoreException("a backup in %s cannot be read: %s. Close the sequence and read its text again"
                    .formatted(file.place(), unread == null ? "it is damaged" : unread.getMessage()), unread);
        }
    }

    private void read(int slot, int cell) {
        IOException failure = null;
        try {
            file.read(slot, memory.apply(cell));
        } catch (IOException e) {
            failure = e;
        }
        synchronized (this) {
            states[cell] = failure == null ? State.READY : State.DAMAGED;
            if (failure == null) {
                slotsRead++;
            } else {
                unread = failure;
            }
            notifyAll();
        }
    }

    /** A slot is given back: nobody holds it. */
    synchronized void close(int slot) {
        int cell = cellOf[slot];
        while (cell != NONE && (states[cell] == State.READING || states[cell] == State.WRITING)) {
            await();
            cell = cellOf[slot];
        }
        stored[slot] = false;
        if (cell != NONE) {
            release(cell);
        }
        notifyAll();
    }

    private void release(int cell) {
        cellOf[slotOf[cell]] = NONE;
        slotOf[cell] = NONE;
        states[cell] = State.FREE;
        pins[cell] = 0;
        changed(cell);
    }

    /** Writes in the background if few cells can be freed at once. */
    private void write() {
        if (!writing && broken == null && freeableCells < fewFree && oldestUnwritten() != NONE) {
            writing = true;
            threads.execute(this::writeMany);
        }
    }

    /** Takes note that a cell has changed. */
    private void changed(int cell) {
        boolean is = states[cell] == State.FREE || isIdle(cell) && stored[slotOf[cell]];
        if (is != freeable[cell]) {
            freeable[cell] = is;
            freeableCells += is ? 1 : -1;
        }
    }

    private int oldestUnwritten() {
        int oldest = NONE;
        for (int cell = 0; cell < slotOf.length; cell++) {
            if (isIdle(cell) && !stored[slotOf[cell]] && (oldest == NONE || wanted[cell] < wanted[oldest])) {
                oldest = cell;
            }
        }
        return oldest;
    }

    private void writeMany() {
        while (true) {
            List<MemorySegment> contents = new ArrayList<>();
            int first;
            synchronized (this) {
                int oldest = freeableCells < 2 * fewFree ? oldestUnwritten() : NONE;
                if (oldest == NONE) {
                    writing = false;
                    notifyAll();
                    return;
                }
                first = slotOf[oldest];
                while (first > 0 && slotOf[oldest] - first + 1 < batch && isUnwritten(first - 1)) {
                    first--;
                }
                for (int slot = first; contents.size() < batch && isUnwritten(slot); slot++) {
                    states[cellOf[slot]] = State.WRITING;
                    changed(cellOf[slot]);
                    contents.add(memory.apply(cellOf[slot]));
                }
            }
            IOException failure = null;
            try {
                file.write(first, contents);
            } catch (IOException e) {
                failure = e;
            }
            synchronized (this) {
                for (int slot = first; slot < first + contents.size(); slot++) {
                    states[cellOf[slot]] = State.READY;
                    stored[slot] = failure == null;
                    changed(cellOf[slot]);
                }
                if (failure == null) {
                    slotsWritten += contents.size();
                } else {
                    broken = failure;
                    writing = false;
                }
                notifyAll();
                if (failure != null) {
                    return;
                }
            }
        }
    }

    private boolean isUnwritten(int slot) {
        return slot < cellOf.length && cellOf[slot] != NONE && isIdle(cellOf[slot]) && !stored[slot];
    }

    /** Waits for a change; keeps an interrupt for later. */
    private void await() {
        boolean interrupted = false;
        for (boolean woken = false; !woken;) {
            try {
                wait();
                woken = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized long slotsWritten() {
        return slotsWritten;
    }

    synchronized long slotsRead() {
        return slotsRead;
    }

    @Override
    public void close() {
        threads.close();
        file.close();
    }
}
