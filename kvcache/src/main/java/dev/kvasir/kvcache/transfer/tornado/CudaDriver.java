package dev.kvasir.kvcache.transfer.tornado;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The few functions of the CUDA driver that copies on a stream of their own need, called through the JDK's
 * foreign-function interface. All handles are the driver's pointers, as {@code long}. Each method
 * throws a {@link CudaException} if the driver refuses its call.
 */
final class CudaDriver {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final int SUCCESS = 0;
    private static final int NOT_READY = 600;
    private static final int ALREADY_REGISTERED = 712;
    private static final int NON_BLOCKING = 1; // a stream that does not wait for the default stream
    private static final int NO_TIMING = 2; // an event that only tells whether it happened
    private static final int PORTABLE = 1; // page-locked for all contexts

    private final MethodHandle getContext;
    private final MethodHandle setContext;
    private final MethodHandle createStream;
    private final MethodHandle destroyStream;
    private final MethodHandle waitStream;
    private final MethodHandle streamWaits;
    private final MethodHandle createEvent;
    private final MethodHandle destroyEvent;
    private final MethodHandle recordEvent;
    private final MethodHandle queryEvent;
    private final MethodHandle waitEvent;
    private final MethodHandle toDevice;
    private final MethodHandle toHost;
    private final MethodHandle lock;
    private final MethodHandle unlock;

    /** Finds the driver that TornadoVM has loaded into this process. */
    CudaDriver() {
        this(SymbolLookup.libraryLookup("libcuda.so.1", Arena.global()));
    }

    CudaDriver(SymbolLookup library) {
        getContext = function(library, "cuCtxGetCurrent", POINTER);
        setContext = function(library, "cuCtxSetCurrent", LONG);
        createStream = function(library, "cuStreamCreate", POINTER, INT);
        destroyStream = function(library, "cuStreamDestroy_v2", LONG);
        waitStream = function(library, "cuStreamSynchronize", LONG);
        streamWaits = function(library, "cuStreamWaitEvent", LONG, LONG, INT);
        createEvent = function(library, "cuEventCreate", POINTER, INT);
        destroyEvent = function(library, "cuEventDestroy_v2", LONG);
        recordEvent = function(library, "cuEventRecord", LONG, LONG);
        queryEvent = function(library, "cuEventQuery", LONG);
        waitEvent = function(library, "cuEventSynchronize", LONG);
        toDevice = function(library, "cuMemcpyHtoDAsync_v2", LONG, LONG, LONG, LONG);
        toHost = function(library, "cuMemcpyDtoHAsync_v2", LONG, LONG, LONG, LONG);
        lock = function(library, "cuMemHostRegister_v2", LONG, LONG, INT);
        unlock = function(library, "cuMemHostUnregister", LONG);
    }

    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(INT, arguments));
    }

    /** The context of this thread. */
    long context() {
        return created(getContext, "cuCtxGetCurrent");
    }

    /** Gives this thread a context. */
    void setContext(long context) {
        check("cuCtxSetCurrent", call(setContext, context));
    }

    long createStream() {
        return created(createStream, "cuStreamCreate", NON_BLOCKING);
    }

    void destroyStream(long stream) {
        check("cuStreamDestroy", call(destroyStream, stream));
    }

    /** Waits for all that was enqueued on the stream. */
    void waitStream(long stream) {
        check("cuStreamSynchronize", call(waitStream, stream));
    }

    /** Has what is enqueued on the stream from now on wait for the event. */
    void streamWaits(long stream, long event) {
        check("cuStreamWaitEvent", call(() -> (int) streamWaits.invokeExact(stream, event, 0)));
    }

    long createEvent() {
        return created(createEvent, "cuEventCreate", NO_TIMING);
    }

    void destroyEvent(long event) {
        check("cuEventDestroy", call(destroyEvent, event));
    }

    /** The event happens when all that is enqueued on the stream by now is done. */
    void recordEvent(long event, long stream) {
        check("cuEventRecord", call(() -> (int) recordEvent.invokeExact(event, stream)));
    }

    boolean happened(long event) {
        int result = call(queryEvent, event);
        if (result == NOT_READY) {
            return false;
        }
        check("cuEventQuery", result);
        return true;
    }

    void waitEvent(long event) {
        check("cuEventSynchronize", call(waitEvent, event));
    }

    /** Enqueues a copy of {@code bytes} from page-locked memory. */
    void toDevice(long device, long host, long bytes, long stream) {
        check("cuMemcpyHtoDAsync", call(() -> (int) toDevice.invokeExact(device, host, bytes, stream)));
    }

    /** Enqueues a copy of {@code bytes} into page-locked memory. */
    void toHost(long host, long device, long bytes, long stream) {
        check("cuMemcpyDtoHAsync", call(() -> (int) toHost.invokeExact(host, device, bytes, stream)));
    }

    /** Page-locks memory; whether it was not locked before. */
    boolean lock(MemorySegment memory) {
        int result = call(() -> (int) lock.invokeExact(memory.address(), memory.byteSize(), PORTABLE));
        if (result == ALREADY_REGISTERED) {
            return false;
        }
        check("cuMemHostRegister", result);
        return true;
    }

    void unlock(long address) {
        check("cuMemHostUnregister", call(unlock, address));
    }

    private interface Call {
        int make() throws Throwable;
    }

    private static int call(MethodHandle function, long handle) {
        return call(() -> (int) function.invokeExact(handle));
    }

    private static int call(Call call) {
        try {
            return call.make();
        } catch (Throwable e) { // a downcall throws nothing of its own
            throw new AssertionError(e);
        }
    }

    private static long created(MethodHandle function, String name) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            check(name, call(() -> (int) function.invokeExact(out)));
            return out.get(LONG, 0);
        }
    }

    private static long created(MethodHandle function, String name, int flags) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            check(name, call(() -> (int) function.invokeExact(out, flags)));
            return out.get(LONG, 0);
        }
    }

    private static void check(String function, int result) {
        if (result != SUCCESS) {
            throw new CudaException(function, result);
        }
    }
}
