package dev.kvasir.sim.run;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.Int8Array;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.vectors.Half2;

/** Replaces reads and writes of native arrays in a kernel with checks. */
public final class CheckedNativeArrays {

    private CheckedNativeArrays() {}

    /** Reads an element. */
    public static byte get(ByteArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(ByteArray array, int index, byte value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads an element. */
    public static double get(DoubleArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(DoubleArray array, int index, double value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads an element. */
    public static float get(FloatArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(FloatArray array, int index, float value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads an element. */
    public static HalfFloat get(HalfFloatArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(HalfFloatArray array, int index, HalfFloat value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads an element. */
    public static byte get(Int8Array array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(Int8Array array, int index, byte value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads an element. */
    public static int get(IntArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(IntArray array, int index, int value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads an element. */
    public static long get(LongArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(LongArray array, int index, long value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads an element. */
    public static short get(ShortArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        return array.get(index);
    }

    /** Writes an element. */
    public static void set(ShortArray array, int index, short value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        array.set(index, value);
    }

    /** Reads two elements. */
    public static Half2 getHalf2(HalfFloatArray array, int index, WorkItem item, int site) {
        item.checker().read(array, index, site);
        item.checker().read(array, index + 1, site);
        return array.getHalf2(index);
    }

    /** Writes two elements. */
    public static void setHalf2(HalfFloatArray array, int index, Half2 value, WorkItem item, int site) {
        item.checker().write(array, index, site);
        item.checker().write(array, index + 1, site);
        array.setHalf2(index, value);
    }

    /** Adds to an element as one step. */
    public static void add(@Nullable KernelContext context, IntArray array, int index, int value, WorkItem item,
            int site) {
        item.checker().add(array, index, site);
        array.set(index, array.get(index) + value);
    }

    /** Adds to an element as one step. */
    public static void add(@Nullable KernelContext context, LongArray array, int index, long value, WorkItem item,
            int site) {
        item.checker().add(array, index, site);
        array.set(index, array.get(index) + value);
    }

    /** Adds to an element as one step. */
    public static void add(@Nullable KernelContext context, FloatArray array, int index, float value, WorkItem item,
            int site) {
        item.checker().add(array, index, site);
        array.set(index, array.get(index) + value);
    }

    /** Adds to an element as one step. */
    public static void add(@Nullable KernelContext context, DoubleArray array, int index, double value, WorkItem item,
            int site) {
        item.checker().add(array, index, site);
        array.set(index, array.get(index) + value);
    }
}
