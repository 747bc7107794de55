package dev.kvasir.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * A function that an {@link Assembler} wrote, in memory that can be run, for as long as the process lives. On Linux and
 * 64-bit x86 only; with {@code -Dkvasir.machineCode=false} there is none, and the kernels in Java do all the work.
 *
 * <p>Nothing checks what the code reads and writes. Its callers do, with {@link #address} and
 * {@link MemorySegment#asSlice(long, long)}.
 */
public final class MachineCode {

    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final long ARCH_PRCTL = 158;
    private static final long REQUEST_PERMISSION = 0x1023;
    private static final long TILE_DATA = 18;

    private static final boolean ALLOWED = Boolean.parseBoolean(System.getProperty("kvasir.machineCode", "true"))
            && System.getProperty("os.arch", "").equals("amd64");

    private static final Set<String> FEATURES = ALLOWED ? Cpu.features() : Set.of();

    private static final boolean TILES = FEATURES
            .containsAll(List.of("avx512f", "avx512bw", "avx512_bf16", "amx_tile", "amx_bf16")) && tilesPermitted();

    private static final List<String> BYTE_PRODUCTS = List.of("avx512f", "avx512bw", "avx512_vnni");

    private final MemorySegment entry;

    private MachineCode(MemorySegment entry) {
        this.entry = entry;
    }

    /** Made when there is something to call: not every system has a linker. */
    private static final class Caller {

        // One shape for all functions: each shape costs a start some milliseconds.
        private static final MethodHandle CALL = Linker.nativeLinker()
                .downcallHandle(
                        FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                        Linker.Option.critical(true));
    }

    /** Whether this process may write code for its processor: a 64-bit x86, unless {@code -Dkvasir.machineCode=false}. */
    public static boolean isAllowed() {
        return ALLOWED;
    }

    /** Whether the processor multiplies tiles of bfloat16 and rounds vectors to it, and the system lets this process do so. */
    public static boolean hasTiles() {
        return TILES;
    }

    /** Whether the processor has 512-bit vectors and products of bytes summed in ints. */
    public static boolean hasByteProducts() {
        return FEATURES.containsAll(BYTE_PRODUCTS);
    }

    /** Whether the processor has vectors of 512 bits, and the system lets this process use them. */
    public static boolean hasVectors() {
        return FEATURES.contains("avx512f");
    }

    /**
     * Makes code callable; nothing if the system has no memory for it, or does not let programs write their own.
     *
     * @param name the symbol that profilers show, if they are to ({@link PerfMap})
     */
    public static Optional<MachineCode> of(String name, Assembler assembler) {
        byte[] code = assembler.code();
        Linker linker = Linker.nativeLinker();
        try {
            var mmap = function(linker, "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT,
                    JAVA_INT, JAVA_INT, JAVA_LONG));
            var mprotect = function(linker, "mprotect",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
            long length = code.length;
            long address = (long) mmap.invokeExact(0L, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (address == -1) {
                return Optional.empty();
            }
            MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(length);
            MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
            int refused = (int) mprotect.invokeExact(address, length, READ_EXECUTE);
            if (refused != 0) {
                return Optional.empty();
            }
            PerfMap.add(address, length, name);
            return Optional.of(new MachineCode(memory));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("system calls throw nothing", e);
        }
    }

    /**
     * Calls the function. The second and third argument are the addresses of segments, which may be of arrays: the garbage
     * collector waits for the end, so a call should take less than a millisecond.
     */
    public void call(long argument1, MemorySegment argument2, MemorySegment argument3, long argument4, long argument5,
            long argument6) {
        try {
            Caller.CALL.invokeExact(entry, argument1, argument2, argument3, argument4, argument5, argument6);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("machine code throws nothing", e);
        }
    }

    /**
     * The address of a part of memory outside the heap.
     *
     * @throws IndexOutOfBoundsException if the segment does not have the {@code bytes} from {@code offset}
     */
    public static long address(MemorySegment memory, long offset, long bytes) {
        Objects.checkFromIndexSize(offset, bytes, memory.byteSize());
        return memory.address() + offset;
    }

    /** Memory for constants that code names by their address: at a multiple of 64, as long as the process lives. */
    public static MemorySegment constants(long bytes) {
        return Arena.global().allocate(bytes, 64);
    }

    // Linux lets a process use tiles, which take 8 KiB a thread, only if it requests them.
    private static boolean tilesPermitted() {
        try {
            Linker linker = Linker.nativeLinker();
            var syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
            return (long) syscall.invokeExact(ARCH_PRCTL, REQUEST_PERMISSION, TILE_DATA) == 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("system calls throw nothing", e);
        }
    }

    private static MethodHandle function(Linker linker, String name, FunctionDescriptor shape) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
    }
}
