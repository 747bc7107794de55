package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.transfer.PageTransfers;

/**
 * Copies of pages beside graphs: what they add to a graph, and what the host does around its run. A stage is where a
 * graph's copies pass through, if they pass through anything.
 *
 * <p>The order of {@link PageTransfers} in terms of graphs: a backup reads its frame behind the graph that wrote it, a
 * recall writes its frame behind the graph that last read it, and the graph that attends a recalled page does so behind
 * the task that {@link #addRecalls} added, or runs after the recall was awaited.
 */
interface GraphTransfers extends PageTransfers {

    /**
     * Whether a graph carries away the pages that it fills itself, so that their backups are enqueued before it runs; if
     * not, they are enqueued when it has run.
     */
    boolean backsUpInGraph();

    /** Adds the graphs it needs beside those of a model. */
    void addGraphs(GraphChain chain);

    /** Adds, behind the tasks that fill pages, what carries them away. */
    void addBackups(GraphChain.Graph graph, String task, StagingArea stage);

    /** Adds, before the tasks that attend recalled pages, what brings them or waits for them. */
    void addRecalls(GraphChain.Graph graph, String task, StagingArea stage);

    /** Adds, at the end of a graph, what brings the pages that the next one attends to, if they must be brought. */
    void addEarlyRecalls(GraphChain.Graph graph, String task, StagingArea stage);

    /** A graph with {@link #addBackups} is about to run. */
    void beginBackups(StagingArea stage);

    /** The graph has run, and the backups of all pages it filled are enqueued. */
    void endBackups(StagingArea stage);

    /** All recalls enqueued are for the graph with {@link #addRecalls} that is about to run. */
    void beginRecalls(StagingArea stage);

    /** The recalls enqueued since are for the graph behind that with {@link #addEarlyRecalls}, which is about to run. */
    void beginEarlyRecalls(StagingArea stage);

    /** The graph with {@link #addRecalls} or {@link #addEarlyRecalls} has run. */
    void endRecalls(StagingArea stage);
}
