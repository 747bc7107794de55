package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.page.tornado.PageGather;
import dev.kvasir.kernels.page.tornado.PageScatter;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The strictest copies that their contract allows. A recall is under way until the last moment: its frame holds garbage
 * until the graph that attends it comes to the task that waits, or until it is awaited. A backup is made at the first
 * moment or at the last: when it is enqueued, or when it is awaited. Whoever enqueues a backup before its page is written,
 * or uses a frame too soon, gets other numbers.
 */
class StrictTransfers implements GraphTransfers {
    private static final byte GARBAGE = (byte) 0xFF; // NaN in every type

    /** When backups are made. */
    enum Backups {
        EARLIEST,
        LATEST
    }

    private static final class Copy {
        final boolean recall;
        final int frame;
        final int slot;
        boolean done;

        Copy(boolean recall, int frame, int slot) {
            this.recall = recall;
            this.frame = frame;
            this.slot = slot;
        }
    }

    private final TornadoFrames device;
    private final Backups backups;
    private final StagingArea one; // for copies outside the graphs of a model
    private final StagingArea late;
    private final List<Copy> copies = new ArrayList<>();
    private final List<Copy> enqueued = new ArrayList<>(); // recalls that no graph is meant for yet
    private final List<Copy> inGraph = new ArrayList<>();
    private GraphChain.Graph gather;
    private GraphChain.Graph scatter;

    @SuppressWarnings("NullAway.Init") // made by addGraphs
    StrictTransfers(TornadoFrames device, Backups backups) {
        this.device = device;
        this.backups = backups;
        one = new StagingArea(device.geometry(), 1);
        int slots = device.layout().groups() * device.layout().maxPages();
        late = new StagingArea(device.geometry(), slots);
    }

    @Override
    public boolean backsUpInGraph() {
        return false;
    }

    @Override
    public void addGraphs(GraphChain chain) {
        gather = chain.add("backup");
        gather.keeps(device.buffer().array());
        gather.uploads(one.frames.array());
        PageGather.addTo(gather.tasks(), "gather", device.buffer(), one.frames.array(), one.buffer);
        gather.downloads(one.buffer.array());
        scatter = chain.add("recall");
        scatter.keeps(device.buffer().array());
        scatter.uploads(one.frames.array(), one.buffer.array());
        PageScatter.addTo(scatter.tasks(), "scatter", one.buffer, one.frames.array(), device.buffer());
    }

    @Override
    public void addBackups(GraphChain.Graph graph, String task, StagingArea stage) {}

    @Override
    public void addRecalls(GraphChain.Graph graph, String task, StagingArea stage) {
        graph.uploads(late.frames.array(), late.buffer.array());
        PageScatter.addTo(graph.tasks(), task, late.buffer, late.frames.array(), device.buffer());
    }

    @Override
    public void addEarlyRecalls(GraphChain.Graph graph, String task, StagingArea stage) {}

    @Override
    public void beginBackups(StagingArea stage) {}

    @Override
    public void endBackups(StagingArea stage) {}

    @Override
    public void beginRecalls(StagingArea stage) {
        late.clear();
        for (var copy : enqueued) {
            MemorySegment.copy(host(copy.slot), 0, late.memory, late.used * late.slotBytes, pageBytes());
            late.frames.set(late.used++, copy.frame);
            inGraph.add(copy);
        }
        enqueued.clear();
    }

    @Override
    public void beginEarlyRecalls(StagingArea stage) {
        enqueued.clear();
    }

    @Override
    public void endRecalls(StagingArea stage) {
        inGraph.forEach(copy -> copy.done = true);
        inGraph.clear();
        late.clear();
    }

    @Override
    public long backup(int frame, int slot) {
        var copy = new Copy(false, frame, slot);
        copies.add(copy);
        if (backups == Backups.EARLIEST) {
            make(copy);
        } else {
            host(slot).fill(GARBAGE);
        }
        return copies.size() - 1;
    }

    @Override
    public long recall(int slot, int frame) {
        one.memory.fill(GARBAGE);
        run(scatter, frame);
        var copy = new Copy(true, frame, slot);
        copies.add(copy);
        enqueued.add(copy);
        return copies.size() - 1;
    }

    private void make(Copy copy) {
        if (copy.recall) {
            MemorySegment.copy(host(copy.slot), 0, one.memory, 0, pageBytes());
            run(scatter, copy.frame);
        } else {
            run(gather, copy.frame);
            MemorySegment.copy(one.memory, 0, host(copy.slot), 0, pageBytes());
        }
        copy.done = true;
    }

    private void run(GraphChain.Graph graph, int frame) {
        one.frames.set(0, frame);
        device.chain().run(graph);
        one.frames.set(0, -1);
    }

    private MemorySegment host(int slot) {
        return device.host().memory(slot).asSlice(device.host().offset(slot), pageBytes());
    }

    private long pageBytes() {
        return device.geometry().frameBytes();
    }

    @Override
    public boolean done(long ticket) {
        return copies.get((int) ticket).done;
    }

    /** {@link PageTransfers#await}. */
    @Override
    public void await(long ticket) {
        var copy = copies.get((int) ticket);
        if (!copy.done) {
            enqueued.remove(copy);
            make(copy);
        }
    }

    @Override
    public long hiddenNanos() {
        return 0;
    }

    @Override
    public long exposedNanos() {
        return 0;
    }

    @Override
    public void close() {}
}
