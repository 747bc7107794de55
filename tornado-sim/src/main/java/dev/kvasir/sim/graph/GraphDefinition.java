package dev.kvasir.sim.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/** The definition of one task graph: its tasks in order, and the copies of its arrays. */
public final class GraphDefinition {
    private final String name;
    private final List<TaskDefinition> tasks = new ArrayList<>();
    private final Map<Object, Integer> toDevice = new IdentityHashMap<>();
    private final Map<Object, Integer> toHost = new IdentityHashMap<>();
    private final Set<Object> consumed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, List<Object>> consumedFrom = new LinkedHashMap<>();

    /** An empty graph. */
    public GraphDefinition(String name) {
        this.name = name;
    }

    /** A copy. Later calls on this definition do not change it. */
    public GraphDefinition copy() {
        var copy = new GraphDefinition(name);
        copy.tasks.addAll(tasks);
        copy.toDevice.putAll(toDevice);
        copy.toHost.putAll(toHost);
        copy.consumed.addAll(consumed);
        consumedFrom.forEach((graph, arrays) -> copy.consumedFrom.put(graph, List.copyOf(arrays)));
        return copy;
    }

    /** The graph's name. */
    public String name() {
        return name;
    }

    /** Declares copies to the device. */
    public void toDevice(int mode, Object... arrays) {
        requireMode(mode);
        for (Object array : arrays) {
            toDevice.put(array, mode);
        }
    }

    /** Declares copies to the host. */
    public void toHost(int mode, Object... arrays) {
        requireMode(mode);
        for (Object array : arrays) {
            toHost.put(array, mode);
        }
    }

    /** Keeps device copies for a later graph. It is the same as a copy to the host under demand. */
    public void persist(Object... arrays) {
        toHost(DataTransferMode.UNDER_DEMAND, arrays);
    }

    /** Takes device copies from the graph of this name. */
    public void consume(String graph, Object... arrays) {
        consume(arrays);
        consumedFrom.computeIfAbsent(graph, key -> new ArrayList<>()).addAll(List.of(arrays));
    }

    /** Takes device copies from the previously executed graph. */
    public void consume(Object... arrays) {
        Collections.addAll(consumed, arrays);
    }

    /** Adds a task; {@code code} is a {@code TornadoFunctions.TaskN}. */
    public void task(String id, Object code, Object... arguments) {
        if (tasks.stream().anyMatch(task -> task.id().equals(id))) {
            throw new TornadoRuntimeException("graph " + name + " already has a task " + id + ": name each task once");
        }
        tasks.add(new TaskDefinition(name, id, code, arguments));
    }

    List<TaskDefinition> tasks() {
        return tasks;
    }

    /** The transfer mode of an array to the device, or -1. */
    int modeToDevice(Object array) {
        return toDevice.getOrDefault(array, -1);
    }

    /** The transfer mode of an array to the host, or -1. */
    int modeToHost(Object array) {
        return toHost.getOrDefault(array, -1);
    }

    Set<Object> arraysToHost() {
        return toHost.keySet();
    }

    Set<Object> consumed() {
        return consumed;
    }

    /** The arrays that are consumed from {@code graph} by name; if there are none, all arrays that are consumed. */
    Iterable<Object> consumedFrom(String graph) {
        List<Object> named = consumedFrom.get(graph);
        return named == null ? consumed : named;
    }

    private static void requireMode(int mode) {
        if (mode < DataTransferMode.FIRST_EXECUTION || mode > DataTransferMode.UNDER_DEMAND) {
            throw new TornadoRuntimeException("transfer mode " + mode + " is not one of DataTransferMode");
        }
    }
}
