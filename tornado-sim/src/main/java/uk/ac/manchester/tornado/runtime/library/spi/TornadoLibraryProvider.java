package uk.ac.manchester.tornado.runtime.library.spi;

import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;

/** A native library that task graphs can call. It is a {@link java.util.ServiceLoader} service. */
public interface TornadoLibraryProvider {
    /** The name of the library in calls. */
    String libraryName();

    /** Whether it works on this device. */
    boolean canHandle(TornadoXPUDevice device);

    /** Creates the library's state for one device and plan. */
    LibraryContext createContext(TornadoXPUDevice device, long executionPlanId);

    /** Makes a call at its place in the graph. */
    void dispatch(String functionName, LibraryInvocation invocation);

    /** Frees what {@link #createContext} made. */
    void destroyContext(LibraryContext context);
}
