package dev.kvasir.kvcache.device.tornado;

import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Copies of pages that travel with the graphs: what is enqueued here is gathered into a staging array, or scattered from
 * one, by the next graph that has one, and moved between it and the host store around that graph. Whoever cannot wait has
 * a graph run that does nothing else.
 *
 * <p>A backup may be enqueued before the graph that writes its page runs, because that graph gathers after it appends.
 */
final class StagedTransfers implements PageTransfers {
    private static final int BACKUP = 1;

    private final HostStore host;
    private final long pageBytes;
    private final Queue backups = new Queue();
    private final Queue recalls = new Queue();
    private final Runnable backupGraph;
    private final Runnable recallGraph;
    private long lastBackup = Long.MAX_VALUE; // none after this one may be taken
    private long exposedNanos;

    /**
     * No copies.
     *
     * @param backupGraph runs a graph that takes backups from the queue
     * @param recallGraph runs a graph that takes recalls from the queue
     */
    StagedTransfers(HostStore host, long pageBytes, Runnable backupGraph, Runnable recallGraph) {
        this.host = host;
        this.pageBytes = pageBytes;
        this.backupGraph = backupGraph;
        this.recallGraph = recallGraph;
    }

    /** A staging array for one direction in one graph, with the frames its slots are copied to or from. */
    static final class Stage {
        final TornadoNativeArray array;
        final IntTable frames;
        final int slots;
        private final MemorySegment memory;
        private final long slotBytes;
        private final int[] hostSlots;
        private int used;

        Stage(TornadoNativeArray array, int slots) {
            this.array = array;
            this.slots = slots;
            memory = array.getSegment();
            slotBytes = memory.byteSize() / slots;
            frames = new IntTable(slots, -1);
            hostSlots = new int[slots];
        }

        private void clear() {
            for (int i = 0; i < used; i++) {
                frames.set(i, -1);
            }
            used = 0;
        }
    }

    /** Copies in the order they came, those in front of {@code begun} in a staging array or done. */
    private static final class Queue {
        private int[] frames = new int[16];
        private int[] slots = new int[16];
        private long added;
        private long begun;
        private long done;

        long add(int frame, int slot) {
            if (added - done == frames.length) {
                grow();
            }
            int at = (int) added & (frames.length - 1);
            frames[at] = frame;
            slots[at] = slot;
            return added++;
        }

        private void grow() {
            int old = frames.length;
            var newFrames = Arrays.copyOf(frames, 2 * old);
            var newSlots = Arrays.copyOf(slots, 2 * old);
            for (long i = done; i < added; i++) {
                newFrames[(int) i & (2 * old - 1)] = frames[(int) i & (old - 1)];
                newSlots[(int) i & (2 * old - 1)] = slots[(int) i & (old - 1)];
            }
            frames = newFrames;
            slots = newSlots;
        }

        int frame(long copy) {
            return frames[(int) copy & (frames.length - 1)];
        }

        int slot(long copy) {
            return slots[(int) copy & (slots.length - 1)];
        }
    }

    @Override
    public long backup(int frame, int slot) {
        return backups.add(frame, slot) << 1 | BACKUP;
    }

    @Override
    public long recall(int slot, int frame) {
        return recalls.add(frame, slot) << 1;
    }

    /** Recalls that no graph has taken yet. */
    int waitingRecalls() {
        return (int) (recalls.added - recalls.begun);
    }

    /** Says which frames the graph about to run is to gather: the oldest backups that wait. */
    void beginBackups(Stage stage) {
        stage.clear();
        while (stage.used < stage.slots && backups.begun < backups.added && backups.begun <= lastBackup) {
            stage.frames.set(stage.used, backups.frame(backups.begun));
            stage.hostSlots[stage.used++] = backups.slot(backups.begun++);
        }
    }

    /** The graph has run: its pages are moved to the store. */
    void endBackups(Stage stage) {
        if (stage.used == 0) {
            return;
        }
        long start = System.nanoTime();
        for (int i = 0; i < stage.used; i++) {
            int slot = stage.hostSlots[i];
            MemorySegment.copy(stage.memory, i * stage.slotBytes, host.memory(slot), host.offset(slot), pageBytes);
        }
        backups.done += stage.used;
        stage.clear();
        exposedNanos += System.nanoTime() - start;
    }

    /** Brings the oldest recalls that wait into the staging array of the graph about to run. */
    void beginRecalls(Stage stage) {
        stage.clear();
        if (recalls.begun == recalls.added) {
            return;
        }
        long start = System.nanoTime();
        while (stage.used < stage.slots && recalls.begun < recalls.added) {
            int slot = recalls.slot(recalls.begun);
            MemorySegment.copy(host.memory(slot), host.offset(slot), stage.memory, stage.used * stage.slotBytes,
                    pageBytes);
            stage.frames.set(stage.used++, recalls.frame(recalls.begun++));
        }
        exposedNanos += System.nanoTime() - start;
    }

    /** The graph has run: its pages are in their frames. */
    void endRecalls(Stage stage) {
        recalls.done += stage.used;
        stage.clear();
    }

    @Override
    public boolean done(long ticket) {
        return ticket >> 1 < ((ticket & 1) == BACKUP ? backups.done : recalls.done);
    }

    @Override
    public void await(long ticket) {
        long start = System.nanoTime();
        // Pages enqueued later may not have been written yet.
        lastBackup = (ticket & 1) == BACKUP ? ticket >> 1 : lastBackup;
        while (!done(ticket)) {
            var queue = (ticket & 1) == BACKUP ? backups : recalls;
            if (queue.begun > ticket >> 1) {
                throw new CopyFailedException("the copy of a page was lost",
                        new IllegalStateException("the graph that was to carry it did not run"));
            }
            ((ticket & 1) == BACKUP ? backupGraph : recallGraph).run();
        }
        lastBackup = Long.MAX_VALUE;
        exposedNanos += System.nanoTime() - start;
    }

    /** Copies between staging arrays and the device are part of graphs, which say nothing of them. */
    @Override
    public long hiddenNanos() {
        return 0;
    }

    @Override
    public long exposedNanos() {
        return exposedNanos;
    }

    @Override
    public void close() {}
}
