package dev.kvasir.sim.run;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** Replaces {@code atomicAdd} of a context. Only one work-item runs at a time, so a plain addition is atomic. */
public final class Atomics {

    private Atomics() {}

    /** Adds to an element. */
    public static void add(@Nullable KernelContext context, IntArray array, int index, int value) {
        array.set(index, array.get(index) + value);
    }

    /** Adds to an element. */
    public static void add(@Nullable KernelContext context, LongArray array, int index, long value) {
        array.set(index, array.get(index) + value);
    }

    /** Adds to an element. */
    public static void add(@Nullable KernelContext context, FloatArray array, int index, float value) {
        array.set(index, array.get(index) + value);
    }

    /** Adds to an element. */
    public static void add(@Nullable KernelContext context, DoubleArray array, int index, double value) {
        array.set(index, array.get(index) + value);
    }
}
