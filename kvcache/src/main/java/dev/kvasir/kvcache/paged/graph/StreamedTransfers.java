package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.transfer.tornado.CudaPageTransfers;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Copies of pages on a stream of their own. They are begun by the host between two graphs, which are synchronous, so that
 * no kernel before can be using their frames; a graph that attends recalled pages waits for those alone, and for none
 * that is on its way for a later one.
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

    /** One that is run once and tells where the device has the frames. */
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
