package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.page.tornado.PageGather;
import dev.kvasir.kernels.page.tornado.PageScatter;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies of pages by tasks of the graphs. The next graph with a {@link StagingArea} gathers enqueued backups into it, and
 * the host moves them to the host store after the graph. The host fills the area with recalls before a graph, and the
 * graph scatters them into frames. {@link #await} runs a graph that only copies, when no other graph is due.
 *
 * <p>A backup may be enqueued before the graph that writes its page runs, because that graph gathers after it appends.
 */
final class StagedTransfers implements GraphTransfers {
    private static final int BACKUP = 1;
    /** Pages that a graph of copies alone moves. */
    private static final int OWN_SLOTS = 16;

    private final TornadoFrames device;
    private final long pageBytes;
    private final Queue backups = new Queue();
    private final Queue recalls = new Queue();
    private final StagingArea out;
    private final StagingArea in;
    private GraphChain.@Nullable Graph backupGraph; // these two only copy
    private GraphChain.@Nullable Graph recallGraph;
    private long lastBackup = Long.MAX_VALUE; // the last backup that a graph may gather
    private long exposedNanos;

    /** No copies; the device's host store is read when pages move. */
    StagedTransfers(TornadoFrames device) {
        this.device = device;
        pageBytes = device.geometry().frameBytes();
        int slots = device.layout().recalls() ? OWN_SLOTS : 1;
        out = new StagingArea(device.geometry(), slots);
        in = new StagingArea(device.geometry(), slots);
    }

    @Override
    public boolean backsUpInGraph() {
        return true;
    }

    @Override
    public void addGraphs(GraphChain to) {
        var backup = to.add("backup");
        backup.keeps(device.buffer().array());
        addBackups(backup, "gather", out);
        backupGraph = backup;
        var recall = to.add("recall");
        recall.keeps(device.buffer().array());
        addRecalls(recall, "scatter", in);
        recallGraph = recall;
    }

    @Override
    public void addBackups(GraphChain.Graph graph, String task, StagingArea stage) {
        graph.uploads(stage.frames.array());
        PageGather.addTo(graph.tasks(), task, device.buffer(), stage.frames.array(), stage.buffer);
        graph.downloads(stage.buffer.array());
    }

    @Override
    public void addRecalls(GraphChain.Graph graph, String task, StagingArea stage) {
        graph.uploads(stage.frames.array(), stage.buffer.array());
        PageScatter.addTo(graph.tasks(), task, stage.buffer, stage.frames.array(), device.buffer());
    }

    @Override
    public void addEarlyRecalls(GraphChain.Graph graph, String task, StagingArea stage) {
        addRecalls(graph, task, stage);
    }

    private void runBackups() {
        beginBackups(out);
        device.chain().run(started(backupGraph));
        endBackups(out);
    }

    private void runRecalls() {
        fill(in);
        device.chain().run(started(recallGraph));
        endRecalls(in);
    }

    private static GraphChain.Graph started(GraphChain.@Nullable Graph graph) {
        if (graph == null) {
            throw new IllegalStateException("the graphs of this device have not been started");
        }
        return graph;
    }

    /** Copies in their order; those before {@code begun} are in a staging area or done. */
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

    /** Lists the frames that the next graph gathers: the oldest enqueued backups. */
    @Override
    public void beginBackups(StagingArea stage) {
        stage.clear();
        while (stage.used < stage.slots && backups.begun < backups.added && backups.begun <= lastBackup) {
            stage.frames.set(stage.used, backups.frame(backups.begun));
            stage.hostSlots[stage.used++] = backups.slot(backups.begun++);
        }
    }

    /** Moves the gathered pages to the host store. */
    @Override
    public void endBackups(StagingArea stage) {
        if (stage.used == 0) {
            return;
        }
        long start = System.nanoTime();
        for (int i = 0; i < stage.used; i++) {
            int slot = stage.hostSlots[i];
            MemorySegment.copy(stage.memory, i * stage.slotBytes, device.host().memory(slot),
                    device.host().offset(slot), pageBytes);
        }
        backups.done += stage.used;
        stage.clear();
        exposedNanos += System.nanoTime() - start;
    }

    /** Copies all recalls into the staging area of the next graph; those without room go to their frames at once. */
    @Override
    public void beginRecalls(StagingArea stage) {
        while (recalls.added - recalls.begun > stage.slots) {
            runRecalls();
        }
        fill(stage);
    }

    /** Copies recalls into the staging area of the next graph; those without room are copied when they are awaited. */
    @Override
    public void beginEarlyRecalls(StagingArea stage) {
        fill(stage);
    }

    private void fill(StagingArea stage) {
        stage.clear();
        if (recalls.begun == recalls.added) {
            return;
        }
        long start = System.nanoTime();
        while (stage.used < stage.slots && recalls.begun < recalls.added) {
            int slot = recalls.slot(recalls.begun);
            MemorySegment.copy(device.host().memory(slot), device.host().offset(slot), stage.memory,
                    stage.used * stage.slotBytes, pageBytes);
            stage.frames.set(stage.used++, recalls.frame(recalls.begun++));
        }
        exposedNanos += System.nanoTime() - start;
    }

    /** The pages of the area are in their frames now. */
    @Override
    public void endRecalls(StagingArea stage) {
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
            if ((ticket & 1) == BACKUP) {
                runBackups();
            } else {
                runRecalls();
            }
        }
        lastBackup = Long.MAX_VALUE;
        exposedNanos += System.nanoTime() - start;
    }

    /** Zero: copies between staging areas and frames are part of graphs, which do not time them. */
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
