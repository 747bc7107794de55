package dev.kvasir.sim.kernel;

import dev.kvasir.sim.DeviceLimits;
import dev.kvasir.sim.KernelFault;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/**
 * The local arrays of a work-group: one for each place of the kernel that allocates. All work-items of a group get the
 * same array. The next group finds in it what the last one left, as on a device.
 */
public final class LocalMemory {
    private @Nullable Object[] arrays = new Object[4];
    private int bytes;

    /** What replaces {@code allocateFloatLocalArray}. */
    public static float[] floats(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (float[]) item.local.at(place, size, Float.BYTES, float[]::new);
    }

    /** What replaces {@code allocateIntLocalArray}. */
    public static int[] ints(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (int[]) item.local.at(place, size, Integer.BYTES, int[]::new);
    }

    /** What replaces {@code allocateLongLocalArray}. */
    public static long[] longs(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (long[]) item.local.at(place, size, Long.BYTES, long[]::new);
    }

    /** What replaces {@code allocateDoubleLocalArray}. */
    public static double[] doubles(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (double[]) item.local.at(place, size, Double.BYTES, double[]::new);
    }

    /** What replaces {@code allocateByteLocalArray}. */
    public static byte[] bytes(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (byte[]) item.local.at(place, size, Byte.BYTES, byte[]::new);
    }

    /** What replaces {@code allocateHalfFloatLocalArray}. */
    public static HalfFloat[] halves(@Nullable KernelContext context, int size, WorkItem item, int place) {
        return (HalfFloat[]) item.local.at(place, size, Short.BYTES, HalfFloat[]::new);
    }

    private Object at(int place, int size, int elementBytes, IntFunction<Object> allocate) {
        if (place >= arrays.length) {
            arrays = Arrays.copyOf(arrays, place + 4);
        }
        Object array = arrays[place];
        if (array != null && Array.getLength(array) == size) {
            return array;
        }
        if (array != null) {
            throw new KernelFault(KernelFault.Kind.LAUNCH,
                    "one local array has " + Array.getLength(array) + " and then "
                            + size + " elements: its size must be the same for all work-items");
        }
        bytes += size * elementBytes;
        if (bytes > DeviceLimits.LOCAL_BYTES) {
            throw new KernelFault(KernelFault.Kind.LAUNCH, "the work-group allocates " + bytes
                    + " bytes of local memory, devices have " + DeviceLimits.LOCAL_BYTES + ": use smaller tiles");
        }
        arrays[place] = poisoned(allocate.apply(size));
        return arrays[place];
    }

    /** Fills what is easily mistaken for zeros with what is not. */
    private static Object poisoned(Object array) {
        switch (array) {
            case float[] floats -> Arrays.fill(floats, Float.NaN);
            case double[] doubles -> Arrays.fill(doubles, Double.NaN);
            case int[] ints -> Arrays.fill(ints, 0x7fc0_dead);
            case long[] longs -> Arrays.fill(longs, 0x7fc0_dead_7fc0_deadL);
            case byte[] bytes -> Arrays.fill(bytes, (byte) 0x5a);
            default -> {
                // Objects are null.
            }
        }
        return array;
    }
}
