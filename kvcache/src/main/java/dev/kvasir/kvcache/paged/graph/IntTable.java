package dev.kvasir.kvcache.paged.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Numbers that the host writes before a graph or reads after it. The segment is kept, because reading it allocates. */
public final class IntTable {
    private final IntArray array;
    private final MemorySegment memory;

    /** {@code size} times {@code initial}. */
    public IntTable(int size, int initial) {
        array = new IntArray(Math.max(1, size));
        array.init(initial);
        memory = array.getSegment();
    }

    /** The argument of kernels. */
    public IntArray array() {
        return array;
    }

    /** Writes one number. */
    public void set(int index, int value) {
        memory.setAtIndex(ValueLayout.JAVA_INT, index, value);
    }

    /** Reads one number. */
    public int get(int index) {
        return memory.getAtIndex(ValueLayout.JAVA_INT, index);
    }

    /** Writes the first {@code count} numbers of {@code values} from {@code index} on. */
    public void put(int index, int[] values, int count) {
        put(index, values, 0, count);
    }

    /** Writes {@code count} numbers of {@code values}, the first one number {@code from}, from {@code index} on. */
    public void put(int index, int[] values, int from, int count) {
        MemorySegment.copy(values, from, memory, ValueLayout.JAVA_INT, 4L * index, count);
    }

    /** Reads {@code count} numbers from {@code index} on. */
    public void take(int index, int[] values, int count) {
        MemorySegment.copy(memory, ValueLayout.JAVA_INT, 4L * index, values, 0, count);
    }
}
