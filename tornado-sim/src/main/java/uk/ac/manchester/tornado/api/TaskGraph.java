package uk.ac.manchester.tornado.api;

import dev.kvasir.sim.graph.GraphDefinition;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.LibraryTask2;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task1;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task11;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task12;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task13;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task14;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task15;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task16;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task17;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task18;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task19;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task2;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task20;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task7;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task9;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/**
 * A sequence of kernels with the copies before and after them. Methods return the graph, so that calls can be chained.
 */
public class TaskGraph {
    private final GraphDefinition definition;

    /** An empty graph. Grid schedulers use the names {@code name.task}. */
    public TaskGraph(String name) {
        definition = new GraphDefinition(name);
    }

    /** The graph's name. */
    public String getTaskGraphName() {
        return definition.name();
    }

    /** Copies arrays to the device according to {@code mode}, a constant of {@code DataTransferMode}. */
    public TaskGraph transferToDevice(int mode, Object... objects) {
        definition.toDevice(mode, objects);
        return this;
    }

    /** Copies arrays that a task of this graph writes to the host according to {@code mode}. */
    public TaskGraph transferToHost(int mode, Object... objects) {
        definition.toHost(mode, objects);
        return this;
    }

    /** Uses the device copies of the named graph, which must be the one executed directly before. */
    public TaskGraph consumeFromDevice(String uniqueTaskGraphName, Object... objects) {
        definition.consume(uniqueTaskGraphName, objects);
        return this;
    }

    /** Uses the device copies of the graph executed directly before. */
    public TaskGraph consumeFromDevice(Object... objects) {
        definition.consume(objects);
        return this;
    }

    /** Keeps the device copies for the next graph. */
    public TaskGraph persistOnDevice(Object... objects) {
        definition.persist(objects);
        return this;
    }

    /** An unchangeable copy of the graph, ready to be executed. */
    public ImmutableTaskGraph snapshot() {
        return new ImmutableTaskGraph(definition.copy());
    }

    /** Adds a task that runs {@code code}, which must be a static method. */
    public TaskGraph task(String id, Task code) {
        definition.task(id, code);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1> TaskGraph task(String id, Task1<T1> code, T1 arg1) {
        definition.task(id, code, arg1);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2> TaskGraph task(String id, Task2<T1, T2> code, T1 arg1, T2 arg2) {
        definition.task(id, code, arg1, arg2);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3> TaskGraph task(String id, Task3<T1, T2, T3> code, T1 arg1, T2 arg2, T3 arg3) {
        definition.task(id, code, arg1, arg2, arg3);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4> TaskGraph task(String id, Task4<T1, T2, T3, T4> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4) {
        definition.task(id, code, arg1, arg2, arg3, arg4);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5> TaskGraph task(String id, Task5<T1, T2, T3, T4, T5> code, T1 arg1, T2 arg2, T3 arg3,
            T4 arg4, T5 arg5) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6> TaskGraph task(String id, Task6<T1, T2, T3, T4, T5, T6> code, T1 arg1, T2 arg2,
            T3 arg3, T4 arg4, T5 arg5, T6 arg6) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7> TaskGraph task(String id, Task7<T1, T2, T3, T4, T5, T6, T7> code, T1 arg1,
            T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8> TaskGraph task(String id, Task8<T1, T2, T3, T4, T5, T6, T7, T8> code,
            T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9> TaskGraph task(String id,
            Task9<T1, T2, T3, T4, T5, T6, T7, T8, T9> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
            T7 arg7, T8 arg8, T9 arg9) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> TaskGraph task(String id,
            Task10<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
            T7 arg7, T8 arg8, T9 arg9, T10 arg10) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> TaskGraph task(String id,
            Task11<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
            T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> TaskGraph task(String id,
            Task12<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
            T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> TaskGraph task(String id,
            Task13<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4,
            T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12, T13 arg13) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> TaskGraph task(String id,
            Task14<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> code, T1 arg1, T2 arg2, T3 arg3,
            T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12, T13 arg13,
            T14 arg14) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
                arg14);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15> TaskGraph task(String id,
            Task15<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15> code, T1 arg1, T2 arg2, T3 arg3,
            T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12, T13 arg13, T14 arg14,
            T15 arg15) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
                arg14, arg15);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16> TaskGraph task(String id,
            Task16<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16> code, T1 arg1, T2 arg2,
            T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12, T13 arg13,
            T14 arg14, T15 arg15, T16 arg16) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
                arg14, arg15, arg16);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17> TaskGraph task(String id,
            Task17<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17> code, T1 arg1, T2 arg2,
            T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12, T13 arg13,
            T14 arg14, T15 arg15, T16 arg16, T17 arg17) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
                arg14, arg15, arg16, arg17);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18> TaskGraph task(String id,
            Task18<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18> code, T1 arg1,
            T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12,
            T13 arg13, T14 arg14, T15 arg15, T16 arg16, T17 arg17, T18 arg18) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
                arg14, arg15, arg16, arg17, arg18);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19> TaskGraph task(
            String id,
            Task19<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19> code, T1 arg1,
            T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11, T12 arg12,
            T13 arg13, T14 arg14, T15 arg15, T16 arg16, T17 arg17, T18 arg18, T19 arg19) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
                arg14, arg15, arg16, arg17, arg18, arg19);
        return this;
    }

    /** Adds a task that runs {@code code}. Numbers among its arguments are compiled into the kernel as they are now. */
    public <T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20> TaskGraph task(
            String id,
            Task20<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20> code,
            T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
            T12 arg12, T13 arg13, T14 arg14, T15 arg15, T16 arg16, T17 arg17, T18 arg18, T19 arg19, T20 arg20) {
        definition.task(id, code, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13,
                arg14, arg15, arg16, arg17, arg18, arg19, arg20);
        return this;
    }

    /**
     * Adds a call of a native library.
     *
     * @throws TornadoRuntimeException always: the simulator has no such libraries
     */
    public <T1, T2> TaskGraph libraryTask(String id, LibraryTask2<T1, T2> code, T1 arg1, T2 arg2) {
        throw new TornadoRuntimeException(
                "the simulator has no native libraries: leave task %s out on it".formatted(id));
    }
}
