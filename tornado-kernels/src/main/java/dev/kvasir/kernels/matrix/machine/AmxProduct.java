package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.machine.Assembler;
import dev.kvasir.kernels.machine.Assembler.Memory;
import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

import static dev.kvasir.kernels.machine.Assembler.Memory.at;
import static dev.kvasir.kernels.machine.Assembler.Register.R10;
import static dev.kvasir.kernels.machine.Assembler.Register.R11;
import static dev.kvasir.kernels.machine.Assembler.Register.R8;
import static dev.kvasir.kernels.machine.Assembler.Register.R9;
import static dev.kvasir.kernels.machine.Assembler.Register.RAX;
import static dev.kvasir.kernels.machine.Assembler.Register.RCX;
import static dev.kvasir.kernels.machine.Assembler.Register.RDI;
import static dev.kvasir.kernels.machine.Assembler.Register.RDX;
import static dev.kvasir.kernels.machine.Assembler.Register.RSI;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/**
 * The innermost piece of {@link AmxMatMul}, in machine code, because Java has no other way to a processor's matrix unit. That unit
 * multiplies tiles of bfloat16: 16 tokens of 32 columns by 32 columns of 16 rows, 8192 multiply-adds in 16 cycles, with
 * sums in f32.
 *
 * <pre>{@code
 * tokens    [token tiles][steps][16 tokens][32 columns]              bfloat16, 1 KiB a tile
 * weights   [steps][2][16 pairs of columns][16 rows][2 columns]      bfloat16, a step of 32 rows
 * sums      [tokens][STRIDE]                                         f32, 32 rows of them
 * }</pre>
 *
 * A step is 32 columns. Two tiles of tokens meet two of weights, so that each tile that is loaded is used twice.
 */
final class AmxProduct {

    /** Tokens of one pass; there must be memory for a multiple of them. */
    static final int TOKENS = 32;
    /** Columns of a step. */
    static final int COLS = 32;
    /** Groups of 32 rows side by side in the sums. */
    static final int GROUPS = 8;
    /** Floats from one token's sums to the next: not a power of two, or all would compete for the same lines of the cache. */
    static final int STRIDE = GROUPS * PackLayout.ROWS + 16;

    static final int TILE_BYTES = 1024;
    static final int TILE_TOKENS = 16;

    private static final int TILE_ROWS = 16;
    private static final int ROW_BYTES = 64;
    private static final int LOG_TILE_BYTES = 10;
    private static final int STRIDE_BYTES = STRIDE * Float.BYTES;

    private final MachineCode first;
    private final MachineCode next;
    private final MachineCode rounding;
    private final MemorySegment shapes = MachineCode.constants(64);

    private AmxProduct(MachineCode first, MachineCode next, MachineCode rounding) {
        this.first = first;
        this.next = next;
        this.rounding = rounding;
        shapes.set(JAVA_BYTE, 0, (byte) 1);
        for (int tile = 0; tile < 8; tile++) {
            shapes.set(JAVA_SHORT, 16 + 2L * tile, (short) ROW_BYTES);
            shapes.set(JAVA_BYTE, 48L + tile, (byte) TILE_ROWS);
        }
    }

    /** Nothing if this machine has no matrix unit for us. */
    static Optional<AmxProduct> create() {
        if (!AmxMatMul.isAvailable()) {
            return Optional.empty();
        }
        return MachineCode.of("AmxProduct_first", product(true))
                .flatMap(first -> MachineCode.of("AmxProduct_next", product(false))
                        .flatMap(next -> MachineCode.of("AmxProduct_rounding", rounding())
                                .map(rounding -> new AmxProduct(first, next, rounding))));
    }

    /** {@code sums = tokens * weights}, for {@code pairs} times 32 tokens. */
    void start(long tokens, MemorySegment weights, MemorySegment sums, int steps, int pairs) {
        first.call(tokens, weights, sums, shapes.address(), steps, pairs);
    }

    /** {@code sums += tokens * weights}, for {@code pairs} times 32 tokens. */
    void add(long tokens, MemorySegment weights, MemorySegment sums, int steps, int pairs) {
        next.call(tokens, weights, sums, shapes.address(), steps, pairs);
    }

    /** Rounds {@code 32 * steps} floats of one token to bfloat16, each step into a tile of its own. */
    void round(MemorySegment x, long tokens, int steps) {
        rounding.call(0, x, MemorySegment.NULL, tokens, steps, 0);
    }

    // tokens, weights, sums, shapes, steps, pairs
    private static Assembler product(boolean fromZero) {
        var asm = new Assembler();
        asm.ldtilecfg(at(RCX));
        asm.move(RCX, ROW_BYTES);
        int nextPair = asm.here();
        asm.move(R11, STRIDE_BYTES);
        for (int tile = 0; tile < 4; tile++) {
            if (fromZero) {
                asm.tilezero(tile);
            } else {
                asm.tileloadd(tile, sums(tile));
            }
        }
        asm.move(RAX, R8); // the second tile of tokens
        asm.shiftLeft(RAX, LOG_TILE_BYTES);
        asm.add(RAX, RDI);
        asm.move(R10, RSI);
        asm.move(R11, R8);
        int nextStep = asm.here();
        asm.tileloadd(4, new Memory(RDI, RCX, 0));
        asm.tileloadd(6, new Memory(R10, RCX, 0));
        asm.tileloadd(7, new Memory(R10, RCX, TILE_BYTES));
        asm.tdpbf16ps(0, 4, 6);
        asm.tileloadd(5, new Memory(RAX, RCX, 0));
        asm.tdpbf16ps(1, 4, 7);
        asm.tdpbf16ps(2, 5, 6);
        asm.tdpbf16ps(3, 5, 7);
        asm.add(RDI, TILE_BYTES);
        asm.add(RAX, TILE_BYTES);
        asm.add(R10, 2 * TILE_BYTES);
        asm.decrement(R11);
        asm.jumpIfNotZero(nextStep);
        asm.move(RDI, RAX);
        asm.move(R11, STRIDE_BYTES);
        for (int tile = 0; tile < 4; tile++) {
            asm.tilestored(sums(tile), tile);
        }
        asm.add(RDX, TOKENS * STRIDE_BYTES);
        asm.decrement(R9);
        asm.jumpIfNotZero(nextPair);
        asm.tilerelease();
        asm.leave();
        return asm;
    }

    private static Memory sums(int tile) {
        return new Memory(RDX, R11, tile / 2 * TILE_TOKENS * STRIDE_BYTES + tile % 2 * ROW_BYTES);
    }

    // -, x, -, tokens, steps
    private static Assembler rounding() {
        var asm = new Assembler();
        int nextStep = asm.here();
        asm.vmovups(0, at(RSI));
        asm.vmovups(1, at(RSI, ROW_BYTES));
        asm.vcvtne2ps2bf16(0, 1, 0);
        asm.vmovups(at(RCX), 0);
        asm.add(RSI, 2 * ROW_BYTES);
        asm.add(RCX, TILE_BYTES);
        asm.decrement(R8);
        asm.jumpIfNotZero(nextStep);
        asm.leave();
        return asm;
    }
}
