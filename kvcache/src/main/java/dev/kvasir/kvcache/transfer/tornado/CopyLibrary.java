package dev.kvasir.kvcache.transfer.tornado;

import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryContext;
import uk.ac.manchester.tornado.runtime.library.spi.LibraryInvocation;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoLibraryProvider;
import uk.ac.manchester.tornado.runtime.library.spi.TornadoNativeStreamSupport;

/**
 * What TornadoVM calls when a graph comes to a task of {@link CudaPageTransfers}. TornadoVM finds it as a service.
 */
public final class CopyLibrary implements TornadoLibraryProvider {

    /** The transfers hold all there is. */
    private static final class Nothing implements LibraryContext {}

    /** For the service loader. */
    public CopyLibrary() {}

    @Override
    public String libraryName() {
        return CudaPageTransfers.LIBRARY;
    }

    /** PTX, and CUDA, which the API of TornadoVM 5.2 does not name: the backend that shows its stream. */
    @Override
    public boolean canHandle(TornadoXPUDevice device) {
        return device.getTornadoVMBackend() == TornadoVMBackendType.PTX || device instanceof TornadoNativeStreamSupport;
    }

    @Override
    public LibraryContext createContext(TornadoXPUDevice device, long executionPlanId) {
        return new Nothing();
    }

    @Override
    public void dispatch(String functionName, LibraryInvocation invocation) {
        long kernels = invocation.getDevice() instanceof TornadoNativeStreamSupport device
                ? device.getNativeStream(invocation.getExecutionPlanId())
                : 0;
        ((CudaPageTransfers) invocation.getTuning()).dispatch(functionName, invocation.getDevicePointer(0), kernels);
    }

    @Override
    public void destroyContext(LibraryContext context) {}
}
