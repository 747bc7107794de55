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
 * Zeroed native memory for weights and pages. On Linux it requests huge pages, which many systems give only on request:
 * a processor that streams them through pages of 4 KiB loses up to a third of its bandwidth on address translation. What is
 * smaller than a few huge pages shares them with its neighbours, front to back in {@link Slab}s.
 */
public final class BigMemory {

    private static final long HUGE_PAGE = 2L << 20;
    private static final long SLAB_BYTES = 64L << 20;
    // Below, pages are no longer than what lies in them; above, what is lost to whole pages is little.
    private static final long SMALLEST_SHARED = 64 << 10;
    private static final long LARGEST_SHARED = SLAB_BYTES / 4;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int ADVICE_NO_NEED = 4;
    private static final int ADVICE_HUGE_PAGE = 14;

    private static Slab slab = Slab.NONE; // guarded by the class

    private BigMemory() {}

    /**
     * Allocates {@code bytes} at an address that is a multiple of 64, until {@code arena} is closed.
     *
     * @throws OutOfMemoryError if the machine has not so much memory
     */
    public static MemorySegment allocate(Arena arena, long bytes) {
        if (bytes >= SMALLEST_SHARED && Calls.FOUND.isPresent()) {
            Optional<MemorySegment> huge = bytes <= LARGEST_SHARED
                    ? share(Calls.FOUND.get(), arena, bytes)
                    : Calls.FOUND.get().map(arena, bytes);
            if (huge.isPresent()) {
                return huge.get();
            }
        }
        return arena.allocate(bytes, 64);
    }

    private static synchronized Optional<MemorySegment> share(Calls calls, Arena arena, long bytes) {
        Optional<MemorySegment> piece = slab.take(arena, bytes);
        if (piece.isEmpty()) {
            slab.seal();
            slab = Slab.NONE;
            Arena whole = Arena.ofShared();
            Optional<MemorySegment> memory = calls.map(whole, SLAB_BYTES);
            if (memory.isPresent()) {
                slab = new Slab(memory.get(), whole, calls::noNeed);
                piece = slab.take(arena, bytes);
            } else {
                whole.close();
            }
        }
        return piece;
    }

    /**
     * Asks for huge pages under a mapped file that is about to be read. Whether there are any is for the file system to say.
     *
     * @param mapped a whole mapping
     */
    public static void adviseHugePages(MemorySegment mapped) {
        if (mapped.byteSize() >= HUGE_PAGE) {
            Calls.FOUND.ifPresent(calls -> calls.adviseHugePages(mapped));
        }
    }

    private record Calls(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {
        /** Looked for only when memory is large: a JVM without native access warns of the search. */
        static final Optional<Calls> FOUND = find();

        static Optional<Calls> find() {
            if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux")) {
                return Optional.empty();
            }
            try {
                return find(Linker.nativeLinker());
            } catch (IllegalCallerException e) {
                return Optional.empty(); // this JVM was started without native access: usual memory does, too
            }
        }

        private static Optional<Calls> find(Linker linker) {
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
            // The last page too must lie in the mapping as a whole, or it is no huge one.
            long whole = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
            long length = whole + HUGE_PAGE;
            try {
                long address = (long) mmap.invokeExact(0L, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
                if (address == -1) {
                    return Optional.empty();
                }
                var mapping = MemorySegment.ofAddress(address).reinterpret(length, arena, this::unmap);
                long start = -address & (HUGE_PAGE - 1);
                adviseHugePages(mapping.asSlice(start, whole));
                return Optional.of(mapping.asSlice(start, bytes));
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("system calls throw nothing", e);
            }
        }

        void adviseHugePages(MemorySegment segment) {
            advise(segment, ADVICE_HUGE_PAGE);
        }

        void noNeed(MemorySegment segment) {
            advise(segment, ADVICE_NO_NEED);
        }

        private void advise(MemorySegment segment, int advice) {
            try {
                int unused = (int) madvise.invokeExact(segment, segment.byteSize(), advice);
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
