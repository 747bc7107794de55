package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.transfer.tornado.CudaPageTransfers;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Copies of pages on a CUDA stream of their own. The host starts them between two graphs. Graphs are synchronous, so no
 * kernel uses the frames at that time. A graph that attends recalled pages waits for the copies of these pages only, and not
 * for copies that a later graph needs.
 */
final class StreamedTransfers implements GraphTransfers {
    private final CudaPageTransfers copies;
    private final TornadoNativeArray frames;

    StreamedTransfers(CudaPageTransfers copies, TornadoNativeArray frames) {
        this.copies = copies;
        this.frames = frames;
    }

    @Override
    public boolean backsUpInGraph() {
        return false;
    }

    /** Adds one graph, which runs once and reads the device address of the frames. */
    @Override
    public void addGraphs(GraphChain chain) {
        var graph = chain.add("copies");
        graph.keeps(frames);
        copies.addStart(graph.tasks().graph(), "start", frames);
    }

    @Override
    public void addBackups(GraphChain.Graph graph, String task, StagingArea stage) {}

    @Override
    public void addRecalls(GraphChain.Graph graph, String task, StagingArea stage) {
        copies.addAwait(graph.tasks().graph(), task, frames);
    }

    @Override
    public void addEarlyRecalls(GraphChain.Graph graph, String task, StagingArea stage) {}

    @Override
    public void beginBackups(StagingArea stage) {}

    @Override
    public void endBackups(StagingArea stage) {
        copies.startAhead();
    }

    @Override
    public void beginRecalls(StagingArea stage) {
        copies.start();
    }

    @Override
    public void beginEarlyRecalls(StagingArea stage) {
        copies.startAhead();
    }

    @Override
    public void endRecalls(StagingArea stage) {}

    @Override
    public long backup(int frame, int slot) {
        return copies.backup(frame, slot);
    }

    @Override
    public long recall(int slot, int frame) {
        return copies.recall(slot, frame);
    }

    @Override
    public boolean done(long ticket) {
        return copies.done(ticket);
    }

    @Override
    public void await(long ticket) {
        copies.await(ticket);
    }

    @Override
    public long hiddenNanos() {
        return copies.hiddenNanos();
    }

    @Override
    public long exposedNanos() {
        return copies.exposedNanos();
    }

    @Override
    public void close() {
        copies.close();
    }
}
