package dev.kvasir.sim.run;

import dev.kvasir.sim.KernelFault.Kind;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/** Replaces reads and writes of Java arrays, local or private, in a kernel with checks. */
public final class CheckedJavaArrays {

    private CheckedJavaArrays() {}

    /** Reads an element. */
    public static float load(float[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        float value = array[index];
        if (PrivateMemory.isUnset(value)) {
            throw unset(item, index, site);
        }
        return value;
    }

    /** Writes an element. */
    public static void store(float[] array, int index, float value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    /** Reads an element. */
    public static int load(int[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        int value = array[index];
        if (PrivateMemory.isUnset(value)) {
            throw unset(item, index, site);
        }
        return value;
    }

    /** Writes an element. */
    public static void store(int[] array, int index, int value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    /** Reads an element. */
    public static long load(long[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        long value = array[index];
        if (PrivateMemory.isUnset(value)) {
            throw unset(item, index, site);
        }
        return value;
    }

    /** Writes an element. */
    public static void store(long[] array, int index, long value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    /** Reads an element. */
    public static double load(double[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        double value = array[index];
        if (PrivateMemory.isUnset(value)) {
            throw unset(item, index, site);
        }
        return value;
    }

    /** Writes an element. */
    public static void store(double[] array, int index, double value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    /** Reads an element. */
    public static byte load(byte[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        return array[index];
    }

    /** Writes an element. */
    public static void store(byte[] array, int index, byte value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    /** Reads an element. */
    public static short load(short[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        return array[index];
    }

    /** Writes an element. */
    public static void store(short[] array, int index, short value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    /** Reads an element. */
    public static char load(char[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        return array[index];
    }

    /** Writes an element. */
    public static void store(char[] array, int index, char value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    /** Reads an element. */
    public static HalfFloat load(HalfFloat[] array, int index, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local != null) {
            item.checker().readLocal(local, index, site);
            return array[index];
        }
        item.checker().requireInside(index, array.length, site);
        HalfFloat value = array[index];
        if (value == null) {
            throw unset(item, index, site);
        }
        return value;
    }

    /** Writes an element. */
    public static void store(HalfFloat[] array, int index, HalfFloat value, WorkItem item, int site) {
        LocalMemory.LocalArray local = item.local.find(array);
        if (local == null) {
            item.checker().requireInside(index, array.length, site);
        } else {
            item.checker().writeLocal(local, index, site);
        }
        array[index] = value;
    }

    private static RuntimeException unset(WorkItem item, int index, int site) {
        return item.checker()
                .fault(Kind.UNINITIALISED_READ, site, "reads element " + index
                        + " of a private array, which it has not written: a device does not fill arrays with zeros");
    }
}
