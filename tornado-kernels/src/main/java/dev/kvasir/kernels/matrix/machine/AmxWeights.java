package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.machine.Assembler;
import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.Factors;
import dev.kvasir.kernels.matrix.vector.product.Panel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

import static dev.kvasir.kernels.machine.Assembler.Memory.at;
import static dev.kvasir.kernels.machine.Assembler.Register.R8;
import static dev.kvasir.kernels.machine.Assembler.Register.RAX;
import static dev.kvasir.kernels.machine.Assembler.Register.RCX;
import static dev.kvasir.kernels.machine.Assembler.Register.RDI;
import static dev.kvasir.kernels.machine.Assembler.Register.RDX;
import static dev.kvasir.kernels.machine.Assembler.Register.RSI;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/**
 * Packed weights as the tiles of {@link AmxProduct}, decoded by machine code: one function for each layout of lines, and one for what
 * {@link Panel} has decoded to floats.
 */
final class AmxWeights {

    /** Bytes of a step: 32 columns of 32 rows. */
    static final int STEP_BYTES = 2 * AmxProduct.TILE_BYTES;

    private static final int LINE = 64;
    private static final int ROWS = PackLayout.ROWS;
    private static final int PAIRS = AmxProduct.COLS / 2;

    // Vectors that all functions share.
    private static final int MINUS_EIGHT = 25;
    private static final int FIFTEEN = 26;
    private static final int LOW_ROWS = 27;
    private static final int HIGH_ROWS = 28;
    // Factors of the unit at hand, of even and odd rows.
    private static final int[] A = {16, 17};
    private static final int[] B = {18, 19};

    private static final MemorySegment CONSTANTS = constants();

    private final MachineCode floats;
    private final Map<PackLayout, MachineCode> lines;

    private AmxWeights(MachineCode floats, Map<PackLayout, MachineCode> lines) {
        this.floats = floats;
        this.lines = lines;
    }

    /** Only where {@link AmxProduct#create} gives something. */
    static Optional<AmxWeights> create() {
        Map<PackLayout, MachineCode> lines = new EnumMap<>(PackLayout.class);
        for (PackLayout layout : PackLayout.values()) {
            if (!layout.halves()) {
                MachineCode.of("AmxWeights_" + layout, ofLines(layout)).ifPresent(code -> lines.put(layout, code));
            }
        }
        return MachineCode.of("AmxWeights_floats", ofFloats()).map(floats -> new AmxWeights(floats, lines));
    }

    /** What a worker needs to decode. */
    static final class Scratch {
        private final Panel panel = new Panel();
        private final float[] decoded = new float[PackLayout.CHUNK * ROWS];
        private final MemorySegment decodedSegment = MemorySegment.ofArray(decoded);
        private final Factors factors = new Factors();
        private final MemorySegment a = MemorySegment.ofArray(factors.a);
        private final MemorySegment b = MemorySegment.ofArray(factors.b);
    }

    /** Decodes one chunk of a group of rows to {@code out}, {@link #STEP_BYTES} for every 32 columns; columns beyond the last become zero. */
    void decode(PackedMatrix matrix, int group, int chunk, Scratch scratch, MemorySegment out) {
        int steps = matrix.chunkBlocks(chunk);
        long to = MachineCode.address(out, 0, (long) steps * STEP_BYTES);
        PackLayout layout = matrix.layout();
        MachineCode code = layout == null ? null : lines.get(layout);
        if (layout == null || code == null) {
            scratch.panel.decode(matrix, group, chunk, scratch.decoded, 0);
            Arrays.fill(scratch.decoded, matrix.chunkCols(chunk) * ROWS, steps * AmxProduct.COLS * ROWS, 0f);
            floats.call(0, scratch.decodedSegment, MemorySegment.NULL, to, steps, 0);
            return;
        }
        long at = matrix.chunkAt(group, chunk);
        scratch.factors.read(layout, matrix.packed(), at, steps, matrix.scaleUnit(group));
        long lines = MachineCode.address(matrix.packed(), at, layout.chunkBytes(steps)) + layout.superBytes()
                + layout.scaleBytes();
        code.call(lines, scratch.a, scratch.b, to, steps, 0);
    }

    private static MemorySegment constants() {
        MemorySegment c = MachineCode.constants(4 * LINE);
        for (int i = 0; i < 16; i++) {
            c.setAtIndex(JAVA_FLOAT, i, -8f);
            c.setAtIndex(JAVA_INT, 16 + i, 15);
        }
        // Words of one column (even rows, then odd ones) and of the next, to pairs of a row.
        for (int row = 0; row < ROWS; row++) {
            int word = row / 2 + row % 2 * 16;
            c.setAtIndex(JAVA_SHORT, 64 + 2 * row, (short) word);
            c.setAtIndex(JAVA_SHORT, 65 + 2 * row, (short) (32 + word));
        }
        return c;
    }

    private static void loadConstants(Assembler asm) {
        asm.move(RAX, CONSTANTS.address());
        asm.vmovups(MINUS_EIGHT, at(RAX));
        asm.vmovups(FIFTEEN, at(RAX, LINE));
        asm.vmovups(LOW_ROWS, at(RAX, 2 * LINE));
        asm.vmovups(HIGH_ROWS, at(RAX, 3 * LINE));
    }

    // -, floats [columns][32 rows], -, tiles, steps
    private static Assembler ofFloats() {
        var asm = new Assembler();
        loadConstants(asm);
        int nextStep = asm.here();
        for (int pair = 0; pair < PAIRS; pair++) {
            for (int v = 0; v < 4; v++) {
                asm.vmovups(v, at(RSI, (4 * pair + v) * LINE));
            }
            storePair(asm, pair);
        }
        asm.add(RSI, 4 * PAIRS * LINE);
        asm.add(RCX, STEP_BYTES);
        asm.decrement(R8);
        asm.jumpIfNotZero(nextStep);
        asm.leave();
        return asm;
    }

    // lines, a [units][32], b, tiles, steps
    private static Assembler ofLines(PackLayout layout) {
        var asm = new Assembler();
        int units = AmxProduct.COLS / layout.unit();
        loadConstants(asm);
        int nextStep = asm.here();
        for (int unit = 0; unit < units; unit++) {
            loadFactors(asm, layout, unit);
            if (layout.nibbles()) {
                nibbles(asm);
            } else {
                bytes(asm, layout, unit * PAIRS / units, PAIRS / units);
            }
        }
        asm.add(RDI, layout.blockBytes());
        asm.add(RSI, units * ROWS * Float.BYTES);
        asm.add(RDX, units * ROWS * Float.BYTES);
        asm.add(RCX, STEP_BYTES);
        asm.decrement(R8);
        asm.jumpIfNotZero(nextStep);
        asm.leave();
        return asm;
    }

    private static void loadFactors(Assembler asm, PackLayout layout, int unit) {
        for (int odd = 0; odd < 2; odd++) {
            int from = (2 * unit + odd) * LINE;
            asm.vmovups(A[odd], at(RSI, from));
            if (layout.hasMin()) {
                asm.vmovups(B[odd], at(RDX, from));
                if (layout.nibbles()) {
                    asm.vfmadd231ps(B[odd], A[odd], MINUS_EIGHT);
                }
            } else if (layout.nibbles()) {
                asm.vmulps(B[odd], A[odd], MINUS_EIGHT);
            }
        }
    }

    private static void bytes(Assembler asm, PackLayout layout, int firstPair, int pairs) {
        for (int pair = firstPair; pair < firstPair + pairs; pair++) {
            for (int v = 0; v < 4; v++) {
                asm.vpmovsxbd(v, at(RDI, (4 * pair + v) * LINE / 4));
                asm.vcvtdq2ps(v, v);
                if (layout.hasMin()) {
                    asm.vfmadd213ps(v, A[v % 2], B[v % 2]);
                } else {
                    asm.vmulps(v, v, A[v % 2]);
                }
            }
            storePair(asm, pair);
        }
    }

    // A line has four columns: of even rows in the lower halves of its ints, of odd ones in the upper.
    private static void nibbles(Assembler asm) {
        for (int pair = 0; pair < PAIRS; pair++) {
            if (pair % 2 == 0) {
                asm.vmovups(8, at(RDI, pair / 2 * LINE));
            }
            for (int v = 0; v < 4; v++) {
                int bit = 8 * (pair % 2) + 4 * (v / 2) + 16 * (v % 2);
                asm.vpsrld(v, 8, bit);
                asm.vpandd(v, v, FIFTEEN);
                asm.vcvtdq2ps(v, v);
                asm.vfmadd213ps(v, A[v % 2], B[v % 2]);
            }
            storePair(asm, pair);
        }
    }

    // Vectors 0 to 3: even rows, odd rows of one column, and of the next.
    private static void storePair(Assembler asm, int pair) {
        asm.vcvtne2ps2bf16(4, 1, 0);
        asm.vcvtne2ps2bf16(5, 3, 2);
        asm.vmovaps(6, 4);
        asm.vpermt2w(4, LOW_ROWS, 5);
        asm.vpermt2w(6, HIGH_ROWS, 5);
        asm.vmovups(at(RCX, pair * LINE), 4);
        asm.vmovups(at(RCX, AmxProduct.TILE_BYTES + pair * LINE), 6);
    }
}
