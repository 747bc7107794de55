package uk.ac.manchester.tornado.api;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The grids of tasks, by {@code graph.task}. */
public class GridScheduler {
    private final Map<String, WorkerGrid> grids = new ConcurrentHashMap<>();

    /** No grids yet. */
    public GridScheduler() {}

    /** One grid. */
    public GridScheduler(String taskName, WorkerGrid workerGrid) {
        addWorkerGrid(taskName, workerGrid);
    }

    /** Sets the grid of {@code taskName}, written {@code graph.task}. */
    public void addWorkerGrid(String taskName, WorkerGrid workerGrid) {
        grids.put(taskName, workerGrid);
    }

    /** The grid of {@code taskName}, or null. */
    public WorkerGrid get(String taskName) {
        return grids.get(taskName);
    }

    /** Whether the task has a grid. */
    public boolean contains(String taskGraphName, String taskName) {
        return grids.containsKey(taskGraphName + "." + taskName);
    }

    /** The tasks that have grids. */
    public Set<String> keySet() {
        return grids.keySet();
    }

    @Override
    public String toString() {
        return grids.toString();
    }
}
