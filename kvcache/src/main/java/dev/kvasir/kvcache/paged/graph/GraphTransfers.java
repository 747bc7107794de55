package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.transfer.PageTransfers;

/**
 * Copies of pages in step with graphs. The {@code add} methods add tasks to a graph; the {@code begin} and {@code end}
 * methods are the host's work before and after the graph runs. Copies that pass through a {@link StagingArea} use the
 * area of their graph.
 *
 * <p>The order that {@link PageTransfers} requires, in terms of graphs: a backup reads its frame after the graph that
 * wrote it; a recall writes its frame after the graph that last read it; a recalled page is attended after the task of
 * {@link #addRecalls} in the same graph, or in a graph that runs after the recall was awaited.
 */
interface GraphTransfers extends PageTransfers {

    /**
     * Whether a graph backs up the pages that it fills. If so, backups are enqueued before the graph runs; if not, after
     * it has run.
     */
    boolean backsUpInGraph();

    /** Adds the graphs that copies need beside those of a model. */
    void addGraphs(GraphChain chain);

    /** Adds, behind the tasks that fill pages, the tasks that back them up. */
    void addBackups(GraphChain.Graph graph, String task, StagingArea stage);

    /** Adds, before the tasks that attend recalled pages, the tasks that copy them into frames or wait for the copy. */
    void addRecalls(GraphChain.Graph graph, String task, StagingArea stage);

    /** Adds, at the end of a graph, the tasks that copy the pages that the next graph attends into frames, if any. */
    void addEarlyRecalls(GraphChain.Graph graph, String task, StagingArea stage);

    /** Called before a graph with {@link #addBackups} runs. */
    void beginBackups(StagingArea stage);

    /** Called after the graph has run, with the backups of all pages that it filled enqueued. */
    void endBackups(StagingArea stage);

    /** Called before a graph with {@link #addRecalls} runs: that graph attends all pages enqueued so far. */
    void beginRecalls(StagingArea stage);

    /** Called before a graph with {@link #addEarlyRecalls} runs: the graph behind it attends the pages enqueued since. */
    void beginEarlyRecalls(StagingArea stage);

    /** Called after a graph with {@link #addRecalls} or {@link #addEarlyRecalls} has run. */
    void endRecalls(StagingArea stage);
}
