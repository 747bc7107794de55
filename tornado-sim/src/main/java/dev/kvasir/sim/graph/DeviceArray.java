package dev.kvasir.sim.graph;

import dev.kvasir.sim.KernelFault;
import java.lang.foreign.MemorySegment;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.Int8Array;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** The device's copy of a host array. Only kernels see it until it is copied to the host. */
final class DeviceArray {
    private final TornadoNativeArray host;
    private final TornadoNativeArray device;
    private boolean filled;
    private boolean partlyCopied;

    /** A copy that is filled with zeros. */
    DeviceArray(TornadoNativeArray host) {
        this.host = host;
        device = switch (host) {
            case FloatArray a -> new FloatArray(a.getSize());
            case IntArray a -> new IntArray(a.getSize());
            case HalfFloatArray a -> new HalfFloatArray(a.getSize());
            case ByteArray a -> new ByteArray(a.getSize());
            case Int8Array a -> new Int8Array(a.getSize());
            case ShortArray a -> new ShortArray(a.getSize());
            case LongArray a -> new LongArray(a.getSize());
            case DoubleArray a -> new DoubleArray(a.getSize());
            default -> throw new IllegalArgumentException("no device copies of " + host.getClass().getSimpleName());
        };
    }

    TornadoNativeArray device() {
        return device;
    }

    long bytes() {
        return device.getNumBytesOfSegment();
    }

    /** Copies to the device; returns the bytes copied. */
    long upload() {
        MemorySegment.copy(host.getSegment(), 0, device.getSegment(), 0, bytes());
        filled = true;
        return bytes();
    }

    /** Copies to the device, but only in the first call; returns the bytes copied. */
    long uploadOnce() {
        return filled ? 0 : upload();
    }

    /** Copies to the host; returns the bytes copied. */
    long download() {
        if (partlyCopied) {
            throw new KernelFault(KernelFault.Kind.MISSING_TRANSFER, describe(host)
                    + " is copied to the host as a whole after a part of it was: TornadoVM copies the old part again;"
                    + " give parts an array of their own");
        }
        MemorySegment.copy(device.getSegment(), 0, host.getSegment(), 0, bytes());
        return bytes();
    }

    /** Copies a part to the host; {@code offset} counts from the header's first byte. */
    void download(long offset, long bytes) {
        long at = offset - TornadoNativeArray.ARRAY_HEADER;
        MemorySegment.copy(device.getSegment(), at, host.getSegment(), at, bytes);
        partlyCopied = true;
    }

    /** The array as text for error messages. */
    static String describe(Object array) {
        return array instanceof TornadoNativeArray a
                ? "a " + a.getClass().getSimpleName() + " of " + a.getSize()
                : String.valueOf(array);
    }
}
