package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.machine.Assembler;
import dev.kvasir.kernels.machine.Assembler.Register;
import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.simd.HalfLift;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

import static dev.kvasir.kernels.machine.Assembler.Memory.at;

/**
 * {@code FloatDot.scaledBytes} in machine code, with the same operations in the same order, so that results are the same to
 * the bit. Its first call is as fast as its last: the Java loop costs the first token of a program a third of a second, in
 * which it is compiled and meanwhile makes an object of each vector.
 *
 * <p>For one thread.
 */
public final class ByteDot {

    private static final int ROWS = PackLayout.ROWS;
    private static final int BLOCK = Activation.BLOCK;
    private static final int LINE = 64;
    private static final int BLOCK_BYTES = PackLayout.Q8_0.blockBytes();
    private static final int LINES = PackLayout.Q8_0.scaleBytes(); // where they begin in a block

    // Vectors; each quartet is of even and odd rows of the first group, then of the second.
    private static final int BYTES = 0; // to 3: as floats
    private static final int SUM = 4; // to 7: of a block
    private static final int RESULT = 8; // to 11
    private static final int UNIT = 12; // and 13
    private static final int HALF_MASK = 14;
    private static final int X = 15;
    private static final int SCALES = 16;
    private static final int SCALE = 17;

    private static final @Nullable MachineCode CODE = MachineCode.hasVectors() && Lanes.bits() == 512
            ? MachineCode.of("ByteDot", assemble()).orElse(null)
            : null;

    private final float[] results = new float[2 * ROWS + 2]; // of both groups, then what their scales are multiples of
    private final MemorySegment resultSegment = MemorySegment.ofArray(results);

    /** Whether this machine runs the code, and it can multiply weights of this layout. */
    public static boolean takes(PackLayout layout) {
        return CODE != null && layout.header() == PackLayout.Header.SCALE && layout.blockBytes() == BLOCK_BYTES;
    }

    /** What {@code FloatDot.scaledBytes} does with the activations from {@code xAt}. */
    public void multiply(MemorySegment w, long at, long at2, int blocks, Activation x, int xAt, float scale,
            float scale2,
            float[] y, float[] y2, int to) {
        MachineCode code = Objects.requireNonNull(CODE, "this machine does not run the code");
        long bytes = (long) blocks * BLOCK_BYTES;
        Objects.checkFromIndexSize(xAt, blocks * BLOCK, x.values.length);
        System.arraycopy(y, to, results, 0, ROWS);
        System.arraycopy(y2, to, results, ROWS, ROWS);
        results[2 * ROWS] = scale;
        results[2 * ROWS + 1] = scale2;
        code.call(MachineCode.address(w, at, bytes), x.valueSegment, resultSegment, MachineCode.address(w, at2, bytes),
                blocks, (long) Float.BYTES * xAt);
        System.arraycopy(results, 0, y, to, ROWS);
        System.arraycopy(results, ROWS, y2, to, ROWS);
    }

    // The first group's blocks, activations, results, the second group's blocks, their number, where the activations begin.
    private static Assembler assemble() {
        var asm = new Assembler();
        Register[] groups = {Register.ARGUMENT_1, Register.ARGUMENT_4};
        Register x = Register.ARGUMENT_2;
        Register out = Register.ARGUMENT_3;
        Register blocks = Register.ARGUMENT_5;
        MemorySegment mask = MachineCode.constants(Integer.BYTES);
        mask.set(ValueLayout.JAVA_INT, 0, HalfLift.HALF_BITS);
        asm.move(Register.RAX, mask.address());
        asm.vbroadcastss(HALF_MASK, at(Register.RAX));
        asm.add(x, Register.ARGUMENT_6);
        for (int g = 0; g < 2; g++) {
            asm.vbroadcastss(UNIT + g, at(out, Float.BYTES * (2 * ROWS + g)));
        }
        for (int v = 0; v < 4; v++) {
            asm.vmovups(RESULT + v, at(out, v * LINE));
        }
        int nextBlock = asm.here();
        // All lines of the block at once: requested one after the other, they would make memory wait for arithmetic.
        for (int line = 0; line < BLOCK_BYTES; line += LINE) {
            for (Register group : groups) {
                asm.prefetcht1(at(group, line));
            }
        }
        for (int column = 0; column < BLOCK; column++) {
            asm.vbroadcastss(X, at(x, column * Float.BYTES));
            for (int v = 0; v < 4; v++) {
                asm.vpmovsxbd(BYTES + v, at(groups[v / 2], LINES + column * ROWS + v % 2 * ROWS / 2));
                asm.vcvtdq2ps(BYTES + v, BYTES + v);
                if (column == 0) {
                    asm.vmulps(SUM + v, BYTES + v, X);
                } else {
                    asm.vfmadd231ps(SUM + v, BYTES + v, X);
                }
            }
        }
        for (int g = 0; g < 2; g++) {
            asm.vmovups(SCALES, at(groups[g]));
            asm.vpslld(SCALE, SCALES, 16); // of even rows
            addScaled(asm, SCALE, 2 * g);
            addScaled(asm, SCALES, 2 * g + 1);
            asm.add(groups[g], BLOCK_BYTES);
        }
        asm.add(x, BLOCK * Float.BYTES);
        asm.decrement(blocks);
        asm.jumpIfNotZero(nextBlock);
        for (int v = 0; v < 4; v++) {
            asm.vmovups(at(out, v * LINE), RESULT + v);
        }
        asm.leave();
        return asm;
    }

    // Result v += sum v * scale, of those in the upper halves of ints.
    private static void addScaled(Assembler asm, int scales, int v) {
        asm.vpsrad(SCALE, scales, 3);
        asm.vpandd(SCALE, SCALE, HALF_MASK);
        asm.vmulps(SCALE, SCALE, UNIT + v / 2);
        asm.vfmadd231ps(RESULT + v, SUM + v, SCALE);
    }
}
