package dev.kvasir.kernels.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * Zeroed native memory for weights and pages. On Linux it asks for huge pages, which many systems give only to those who ask:
 * a processor that streams them through pages of 4 KiB loses up to a third of its bandwidth on address translation.
 */
public final class BigMemory {

    private static final long HUGE_PAGE = 2L << 20;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int ADVICE_HUGE_PAGE = 14;

    private static final Optional<Calls> CALLS = Calls.find();

    private BigMemory() {}

    /**
     * Allocates {@code bytes} at an address that is a multiple of 64, until {@code arena} is closed.
     *
     * @throws OutOfMemoryError if the machine has not so much memory
     */
    public static MemorySegment allocate(Arena arena, long bytes) {
        if (bytes >= 2 * HUGE_PAGE && CALLS.isPresent()) {
            Optional<MemorySegment> mapped = CALLS.get().map(arena, bytes);
            if (mapped.isPresent()) {
                return mapped.get();
            }
        }
        return arena.allocate(bytes, 64);
    }

    /**
     * Asks for huge pages under a mapped file that is about to be read. Whether there are any is for the file system to say.
     *
     * @param mapped a whole mapping
     */
    public static void adviseHugePages(MemorySegment mapped) {
        if (mapped.byteSize() >= HUGE_PAGE) {
            CALLS.ifPresent(calls -> calls.adviseHugePages(mapped));
        }
    }

    private record Calls(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {

        static Optional<Calls> find() {
            if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux")) {
                return Optional.empty();
            }
            Linker linker = Linker.nativeLinker();
            var lookup = linker.defaultLookup();
            var mmap = lookup.find("mmap")
                    .map(address -> linker.downcallHandle(address,
                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                                    JAVA_LONG)));
            var munmap = lookup.find("munmap")
                    .map(address -> linker.downcallHandle(address,
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG)));
            var madvise = lookup.find("madvise")
                    .map(address -> linker.downcallHandle(address,
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)));
            return mmap.isPresent() && munmap.isPresent() && madvise.isPresent()
                    ? Optional.of(new Calls(mmap.get(), munmap.get(), madvise.get()))
                    : Optional.empty();
        }

        Optional<MemorySegment> map(Arena arena, long bytes) {
            long length = bytes + HUGE_PAGE;
            try {
                long address = (long) mmap.invokeExact(0L, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
                if (address == -1) {
                    return Optional.empty();
                }
                var whole = MemorySegment.ofAddress(address).reinterpret(length, arena, this::unmap);
                long start = -address & (HUGE_PAGE - 1);
                var aligned = whole.asSlice(start, bytes);
                adviseHugePages(aligned);
                return Optional.of(aligned);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("system calls throw nothing", e);
            }
        }

        void adviseHugePages(MemorySegment segment) {
            try {
                int unused = (int) madvise.invokeExact(segment, segment.byteSize(), ADVICE_HUGE_PAGE);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("system calls throw nothing", e);
            }
        }

        private void unmap(MemorySegment whole) {
            try {
                int unused = (int) munmap.invokeExact(whole, whole.byteSize());
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("system calls throw nothing", e);
            }
        }
    }
}
