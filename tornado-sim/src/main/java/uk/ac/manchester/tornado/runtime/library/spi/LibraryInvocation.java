package uk.ac.manchester.tornado.runtime.library.spi;

import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;

/** One call of a native library with resolved arguments. Only TornadoVM creates such calls. */
public final class LibraryInvocation {
    private LibraryInvocation() {}

    /** The device address of the first element of an array argument. */
    public long getDevicePointer(int index) {
        throw none();
    }

    /** The device of the call. */
    public TornadoXPUDevice getDevice() {
        throw none();
    }

    /** The plan that the call is part of. */
    public long getExecutionPlanId() {
        throw none();
    }

    /** The object that the call's descriptor carries. */
    public Object getTuning() {
        throw none();
    }

    private static UnsupportedOperationException none() {
        return new UnsupportedOperationException("the simulator calls no native libraries");
    }
}
