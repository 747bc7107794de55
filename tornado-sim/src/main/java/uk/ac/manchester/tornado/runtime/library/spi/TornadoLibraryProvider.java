package uk.ac.manchester.tornado.runtime.library.spi;

import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;

/** A native library that task graphs can call; found as a service. */
public interface TornadoLibraryProvider {
    /** The name that calls give. */
    String libraryName();

    /** Whether it works on this device. */
    boolean canHandle(TornadoXPUDevice device);

    /** Makes what the library needs for one device and plan. */
    LibraryContext createContext(TornadoXPUDevice device, long executionPlanId);

    /** Makes a call, when its turn has come in the graph. */
    void dispatch(String functionName, LibraryInvocation invocation);

    /** Frees what {@link #createContext} made. */
    void destroyContext(LibraryContext context);
}
