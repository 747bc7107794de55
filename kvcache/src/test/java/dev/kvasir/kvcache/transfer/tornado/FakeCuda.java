package dev.kvasir.kvcache.transfer.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A CUDA driver in Java, behind native addresses: device memory is host memory, and what is enqueued on a stream is done
 * when somebody waits for it. Streams and events are numbered as they are created.
 */
final class FakeCuda implements AutoCloseable {
    private static final MethodType OF_LONG = MethodType.methodType(int.class, long.class);
    private static final MethodType OF_TWO = MethodType.methodType(int.class, long.class, long.class);
    private static final MethodType OF_OUT = MethodType.methodType(int.class, MemorySegment.class);
    private static final MethodType OF_OUT_FLAGS = MethodType.methodType(int.class, MemorySegment.class, int.class);
    private static final MethodType OF_WAIT = MethodType.methodType(int.class, long.class, long.class, int.class);
    private static final MethodType OF_COPY = MethodType.methodType(int.class, long.class, long.class, long.class,
            long.class);

    final List<String> calls = new ArrayList<>();
    /** What copies return. */
    int copyResult;
    private final Arena arena = Arena.ofShared();
    private final Map<String, MemorySegment> functions = new HashMap<>();
    private final List<Runnable> pending = new ArrayList<>();
    private final List<Long> pendingEvents = new ArrayList<>();
    private long handles;

    FakeCuda() {
        add("cuCtxGetCurrent", OF_OUT);
        add("cuCtxSetCurrent", OF_LONG);
        add("cuStreamCreate", OF_OUT_FLAGS);
        add("cuStreamDestroy_v2", OF_LONG);
        add("cuStreamSynchronize", OF_LONG);
        add("cuStreamWaitEvent", OF_WAIT);
        add("cuEventCreate", OF_OUT_FLAGS);
        add("cuEventDestroy_v2", OF_LONG);
        add("cuEventRecord", OF_TWO);
        add("cuEventQuery", OF_LONG);
        add("cuEventSynchronize", OF_LONG);
        add("cuMemcpyHtoDAsync_v2", OF_COPY);
        add("cuMemcpyDtoHAsync_v2", OF_COPY);
        add("cuMemHostRegister_v2", OF_WAIT);
        add("cuMemHostUnregister", OF_LONG);
    }

    /** The driver under test, bound to this. */
    CudaDriver driver() {
        SymbolLookup lookup = name -> Optional.ofNullable(functions.get(name));
        return new CudaDriver(lookup);
    }

    private void add(String name, MethodType type) {
        try {
            var method = MethodHandles.lookup().bind(this, name, type);
            var layouts = type.parameterList().stream().map(FakeCuda::layout).toArray(MemoryLayout[]::new);
            functions.put(name, Linker.nativeLinker()
                    .upcallStub(method, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts), arena));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static MemoryLayout layout(Class<?> type) {
        if (type == int.class) {
            return ValueLayout.JAVA_INT;
        }
        return type == long.class ? ValueLayout.JAVA_LONG : ValueLayout.ADDRESS;
    }

    private int log(String call, Object... values) {
        calls.add(call.formatted(values));
        return 0;
    }

    private static int put(MemorySegment out, long value) {
        out.reinterpret(8).set(ValueLayout.JAVA_LONG, 0, value);
        return 0;
    }

    private void run() {
        pending.forEach(Runnable::run);
        pending.clear();
        pendingEvents.clear();
    }

    int cuCtxGetCurrent(MemorySegment out) {
        return put(out, 77);
    }

    int cuCtxSetCurrent(long context) {
        return context == 77 ? 0 : 201;
    }

    int cuStreamCreate(MemorySegment out, int flags) {
        return put(out, ++handles) + log("stream %d", handles);
    }

    int cuStreamDestroy_v2(long stream) {
        return log("destroy stream %d", stream);
    }

    int cuStreamSynchronize(long stream) {
        run();
        return log("wait for stream %d", stream);
    }

    int cuStreamWaitEvent(long stream, long event, int flags) {
        return log("stream %d waits for event %d", stream, event);
    }

    int cuEventCreate(MemorySegment out, int flags) {
        return put(out, ++handles);
    }

    int cuEventDestroy_v2(long event) {
        return log("destroy event %d", event);
    }

    int cuEventRecord(long event, long stream) {
        pendingEvents.add(event);
        return log("event %d on stream %d", event, stream);
    }

    int cuEventQuery(long event) {
        return pendingEvents.contains(event) ? 600 : 0;
    }

    int cuEventSynchronize(long event) {
        run();
        return log("wait for event %d", event);
    }

    int cuMemcpyHtoDAsync_v2(long device, long host, long bytes, long stream) {
        return copy("to device", device, host, bytes, stream);
    }

    int cuMemcpyDtoHAsync_v2(long host, long device, long bytes, long stream) {
        return copy("to host", host, device, bytes, stream);
    }

    private int copy(String direction, long to, long from, long bytes, long stream) {
        pending.add(() -> MemorySegment.copy(MemorySegment.ofAddress(from).reinterpret(bytes), 0,
                MemorySegment.ofAddress(to).reinterpret(bytes), 0, bytes));
        return log("%s on stream %d", direction, stream) + copyResult;
    }

    int cuMemHostRegister_v2(long address, long bytes, int flags) {
        return log("lock");
    }

    int cuMemHostUnregister(long address) {
        return log("unlock");
    }

    @Override
    public void close() {
        arena.close();
    }
}
