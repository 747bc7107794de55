package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.machine.Assembler;
import dev.kvasir.kernels.machine.Assembler.Memory;
import dev.kvasir.kernels.machine.Assembler.Register;
import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.ByteBlocks;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.simd.HalfLift;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

import static dev.kvasir.kernels.machine.Assembler.Memory.at;

/**
 * {@code ShortDot} for Q4_0 in machine code: four groups of rows side by side, {@code y[r] += d[r] * s * sum_c
 * (q[r][c] - 8) x[c]} block by block. The whole numbers are the same, the order in which blocks are added is not.
 *
 * <p>Two lines of a block, joined word by word, hold eight columns of a row in every int. Its low nibbles, as bytes, are
 * multiplied with the activations of even columns and its high ones, left where they are, with those of odd columns; the
 * latter sums are 16 times too large. While one block is multiplied, the code requests the lines of a block further ahead,
 * which keeps memory busy. A Java kernel cannot do that.
 *
 * <p>For one thread.
 */
public final class NibbleDot {

    /** Groups of rows that one call takes. */
    public static final int GROUPS = 4;

    private static final int ROWS = PackLayout.ROWS;
    private static final int LINE = 2 * ROWS;
    private static final int PAIRS = Activation.BLOCK / 8; // of lines
    private static final int BLOCK_BYTES = PackLayout.Q4_0.blockBytes();
    private static final int LINES = BLOCK_BYTES / LINE; // that of scales among them
    // 576 to 1152 bytes are best; with 2304 the gain is half as large.
    private static final int AHEAD = 2; // blocks
    private static final int MIN_BLOCKS = AHEAD + 1;

    // The argument block, in longs.
    private static final int GROUP_BYTES = 0;
    private static final int NEXT = GROUP_BYTES + GROUPS - 1;
    private static final int SCALE_UNITS = NEXT + 1;
    private static final int ARGUMENTS = SCALE_UNITS + GROUPS;

    // Vectors; those of groups are 0 to 7.
    private static final int LOW = 8;
    private static final int HIGH = 9;
    private static final int HALF_MASK = 10;
    private static final int X = 11; // to 18: even and odd columns of each pair of lines
    private static final int OFFSET = 19;
    private static final int X_SCALE = 20;
    private static final int UNIT = 28; // to 31
    private static final int[] SUM = {21, 22};
    private static final int[] HIGH_SUM = {23, 24};
    private static final int A = 25;
    private static final int B = 26;
    private static final int C = 27;

    private static final Register[] GROUP = {Register.ARGUMENT_1, Register.R9, Register.R10, Register.R11};

    private static final @Nullable MachineCode CODE = MachineCode.hasByteProducts() && Lanes.bits() == 512
            ? MachineCode.of("NibbleDot", assemble()).orElse(null)
            : null;

    private final MemorySegment arguments = Arena.ofAuto().allocate((long) Long.BYTES * ARGUMENTS, 64);
    private final float[] results = new float[GROUPS * ROWS];
    private final MemorySegment resultSegment = MemorySegment.ofArray(results);

    /** Whether this machine runs the code, and it can multiply weights of this layout. */
    public static boolean takes(PackLayout layout, int cols) {
        return CODE != null && layout == PackLayout.Q4_0 && cols >= MIN_BLOCKS * Activation.BLOCK;
    }

    /**
     * Multiplies {@link #GROUPS} groups, or those that are left, with one token.
     *
     * @param y takes the results of these rows
     * @param to where that of the matrix' first row is in {@code y}
     */
    public void multiply(PackedMatrix w, int group, Activation x, int token, float[] y, int to) {
        MachineCode code = Objects.requireNonNull(CODE, "this machine does not run the code");
        int last = Math.min(GROUPS, w.groups() - group) - 1;
        int blocks = w.cols() / Activation.BLOCK;
        long groupBytes = (long) blocks * BLOCK_BYTES;
        long weights = MachineCode.address(w.packed(), w.chunkAt(group, 0), (last + 1) * groupBytes);
        Objects.checkFromIndexSize(token * blocks, blocks, x.tokens() * x.blocks());
        // Where fewer groups are left the last one is multiplied again.
        for (int i = 0; i < GROUPS; i++) {
            int at = Math.min(i, last);
            if (i > 0) {
                set(GROUP_BYTES + i - 1, at * groupBytes);
            }
            set(SCALE_UNITS + i, Float.floatToRawIntBits(w.scaleUnit(group + at)));
        }
        set(NEXT, (GROUPS - 1) * groupBytes);
        code.call(weights, x.byteBlockSegment, resultSegment, arguments.address(), blocks - AHEAD,
                (long) token * blocks * ByteBlocks.BYTES);
        int first = group * ROWS;
        System.arraycopy(results, 0, y, to + first, Math.min(w.rows() - first, GROUPS * ROWS));
    }

    private void set(int argument, long value) {
        arguments.set(ValueLayout.JAVA_LONG, (long) Long.BYTES * argument, value);
    }

    // The first group, activations, results, argument block, blocks but AHEAD, where in the activations the token begins.
    private static Assembler assemble() {
        var asm = new Assembler();
        Register x = Register.ARGUMENT_2;
        Register out = Register.ARGUMENT_3;
        Register block = Register.ARGUMENT_4;
        Register blocks = Register.ARGUMENT_5;
        broadcast(asm, LOW, 0x0f0f0f0f);
        broadcast(asm, HIGH, 0xf0f0f0f0);
        broadcast(asm, HALF_MASK, HalfLift.HALF_BITS);
        asm.add(x, Register.ARGUMENT_6);
        for (int g = 1; g < GROUPS; g++) {
            asm.move(GROUP[g], at(block, Long.BYTES * (GROUP_BYTES + g - 1)));
            asm.add(GROUP[g], GROUP[0]);
        }
        for (int g = 0; g < GROUPS; g++) {
            asm.vbroadcastss(UNIT + g, at(block, Long.BYTES * (SCALE_UNITS + g)));
            asm.vpxord(2 * g, 2 * g, 2 * g);
            asm.vpxord(2 * g + 1, 2 * g + 1, 2 * g + 1);
        }
        asm.move(Register.RAX, 0);
        loop(asm, x, blocks);
        // The last blocks of these groups request the first ones of the next four.
        asm.move(Register.RAX, at(block, Long.BYTES * NEXT));
        asm.move(blocks, AHEAD);
        loop(asm, x, blocks);
        for (int g = 0; g < GROUPS; g++) {
            // Rows 8k to 8k + 3 are in quarter k of one sum, the next four in that of the other.
            asm.vshuff32x4(A, 2 * g, 2 * g + 1, 0b01_00_01_00);
            asm.vshuff32x4(B, 2 * g, 2 * g + 1, 0b11_10_11_10);
            asm.vshuff32x4(A, A, A, 0b11_01_10_00);
            asm.vshuff32x4(B, B, B, 0b11_01_10_00);
            asm.vmovups(at(out, Float.BYTES * ROWS * g), A);
            asm.vmovups(at(out, Float.BYTES * ROWS * g + LINE), B);
        }
        asm.leave();
        return asm;
    }

    private static void loop(Assembler asm, Register x, Register blocks) {
        int start = asm.here();
        for (int i = 0; i < 2 * PAIRS; i++) {
            asm.vbroadcastss(X + i, at(x, Integer.BYTES * i));
        }
        asm.vbroadcastss(OFFSET, at(x, Integer.BYTES * ByteBlocks.OFFSET));
        asm.vbroadcastss(X_SCALE, at(x, Integer.BYTES * ByteBlocks.SCALE));
        for (int g = 0; g < GROUPS; g++) {
            for (int line = 0; line < LINES; line++) {
                asm.prefetcht1(new Memory(GROUP[g], Register.RAX, AHEAD * BLOCK_BYTES + line * LINE));
            }
            group(asm, g);
            asm.add(GROUP[g], BLOCK_BYTES);
        }
        asm.add(x, ByteBlocks.BYTES);
        asm.decrement(blocks);
        asm.jumpIfNotZero(start);
    }

    private static void group(Assembler asm, int g) {
        for (int half = 0; half < 2; half++) {
            asm.vmovaps(SUM[half], OFFSET);
            asm.vpxord(HIGH_SUM[half], HIGH_SUM[half], HIGH_SUM[half]);
        }
        for (int pair = 0; pair < PAIRS; pair++) {
            int even = X + 2 * pair;
            asm.vmovups(A, at(GROUP[g], (1 + 2 * pair) * LINE));
            asm.vmovups(B, at(GROUP[g], (2 + 2 * pair) * LINE));
            asm.vpunpcklwd(C, A, B);
            asm.vpunpckhwd(A, A, B);
            asm.vpandd(B, C, LOW);
            asm.vpdpbusd(SUM[0], B, even);
            asm.vpandd(C, C, HIGH);
            asm.vpdpbusd(HIGH_SUM[0], C, even + 1);
            asm.vpandd(B, A, LOW);
            asm.vpdpbusd(SUM[1], B, even);
            asm.vpandd(A, A, HIGH);
            asm.vpdpbusd(HIGH_SUM[1], A, even + 1);
        }
        asm.vmovups(B, at(GROUP[g]));
        for (int half = 0; half < 2; half++) {
            asm.vpsrad(HIGH_SUM[half], HIGH_SUM[half], 4);
            asm.vpaddd(SUM[half], SUM[half], HIGH_SUM[half]);
            asm.vcvtdq2ps(SUM[half], SUM[half]);
            asm.vmulps(SUM[half], SUM[half], X_SCALE);
            // A scale's 16 bits in the upper half of an int, then as in ShortDot.
            if (half == 0) {
                asm.vpunpcklwd(A, B, B);
            } else {
                asm.vpunpckhwd(A, B, B);
            }
            asm.vpsrad(A, A, 3);
            asm.vpandd(A, A, HALF_MASK);
            asm.vmulps(A, A, UNIT + g);
            asm.vfmadd231ps(2 * g + half, SUM[half], A);
        }
    }

    private static void broadcast(Assembler asm, int to, int bits) {
        asm.move(Register.RAX, bits);
        asm.vpbroadcastd(to, Register.RAX);
    }
}
