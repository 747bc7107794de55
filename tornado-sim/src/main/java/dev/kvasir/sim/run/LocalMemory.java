package dev.kvasir.sim.run;

import dev.kvasir.sim.DeviceLimits;
import dev.kvasir.sim.KernelFault;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/**
 * The local arrays of a work-group, one for each allocation in the kernel's source. All work-items of a group get the
 * same array. As on a device, the next group finds the values of the previous one in it.
 */
public final class LocalMemory {
    private @Nullable LocalArray[] arrays = new LocalArray[4];
    private int bytes;
    private int stamp;

    /** A local array: its number among the kernel's allocations, its elements, and the accesses to them. */
    record LocalArray(int place, int size, int elementBytes, Object array, Shadow shadow) {}

    /** Replaces {@code allocateFloatLocalArray}. */
    public static float[] floats(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (float[]) item.local.at(place, size, Float.BYTES, float[]::new);
    }

    /** Replaces {@code allocateIntLocalArray}. */
    public static int[] ints(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (int[]) item.local.at(place, size, Integer.BYTES, int[]::new);
    }

    /** Replaces {@code allocateLongLocalArray}. */
    public static long[] longs(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (long[]) item.local.at(place, size, Long.BYTES, long[]::new);
    }

    /** Replaces {@code allocateDoubleLocalArray}. */
    public static double[] doubles(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (double[]) item.local.at(place, size, Double.BYTES, double[]::new);
    }

    /** Replaces {@code allocateByteLocalArray}. */
    public static byte[] bytes(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (byte[]) item.local.at(place, size, Byte.BYTES, byte[]::new);
    }

    /** Replaces {@code allocateHalfFloatLocalArray}. */
    public static HalfFloat[] halves(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (HalfFloat[]) item.local.at(place, size, Short.BYTES, HalfFloat[]::new);
    }

    private Object at(int place, int size, int elementBytes, IntFunction<Object> allocate) {
        if (place >= arrays.length) {
            arrays = Arrays.copyOf(arrays, place + 4);
        }
        LocalArray known = arrays[place];
        if (known != null && known.size() == size) {
            return known.array();
        }
        if (known != null) {
            throw new KernelFault(KernelFault.Kind.LAUNCH, "one local array has " + known.size() + " and then " + size
                    + " elements: its size must be the same for all work-items");
        }
        bytes += size * elementBytes;
        if (bytes > DeviceLimits.LOCAL_BYTES) {
            throw new KernelFault(KernelFault.Kind.LAUNCH, "the work-group allocates " + bytes
                    + " bytes of local memory, but devices have " + DeviceLimits.LOCAL_BYTES + ": use smaller tiles");
        }
        Object array = PrivateMemory.poisoned(allocate.apply(size));
        arrays[place] = new LocalArray(place, size, elementBytes, array, new Shadow(size));
        return array;
    }

    /** The local array with these elements, or null if {@code array} is private. */
    @Nullable
    LocalArray find(Object array) {
        for (LocalArray local : arrays) {
            if (local != null && local.array() == array) {
                return local;
            }
        }
        return null;
    }

    int stamp() {
        return stamp;
    }

    int nextStamp() {
        return ++stamp;
    }
}
