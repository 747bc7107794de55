package dev.kvasir.kernels.page.machine;

import dev.kvasir.kernels.machine.Assembler;
import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.simd.Lanes;
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

/**
 * Scores of a page, {@code s[row][t] = q[row] . k[t]}, in machine code for one shape of f16 pages and number of queries. The
 * processor converts half floats. With every line that the code reads it requests one of a page that comes later, so that
 * memory does not wait for arithmetic, nor arithmetic for memory. The Vector API can do neither.
 */
public final class PageScores {

    private static final int LINE = 64;
    private static final int LANES = 16;
    private static final int HALVES = LANES * Short.BYTES;
    private static final int FLOATS = LANES * Float.BYTES;
    private static final int QUAD = 4; // rows whose sums are in registers at once
    private static final int STRIDE = SharedRows.STRIDE * Float.BYTES; // of rows of scores
    private static final int KEYS = 2 * QUAD; // the first register of keys

    private final MachineCode code;
    private final int bytes;

    private PageScores(MachineCode code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Whether this machine has code for pages of this type and shape. */
    static boolean reads(PageGeometry geometry) {
        return MachineCode.hasVectors() && Lanes.bits() == 512 && geometry.type() == KvType.F16
                && geometry.pageSize() % (2 * LANES) == 0 && geometry.headDim() % (2 * LANES) == 0;
    }

    /**
     * Nothing if the pages are of another type or shape, or the processor lacks the instructions.
     *
     * @param dims elements of a key: {@link PageGeometry#headDim}, or the rows of digests
     * @param rows queries that share a KV head
     */
    public static Optional<PageScores> of(PageGeometry geometry, int dims, int rows) {
        int line = geometry.pageSize() * Short.BYTES;
        return reads(geometry)
                ? MachineCode
                        .of("PageScores_%dx%d_%d_rows".formatted(geometry.pageSize(), dims, rows),
                                assemble(line, dims, rows))
                        .map(code -> new PageScores(code, line * dims))
                : Optional.empty();
    }

    /**
     * Scores all tokens of a page.
     *
     * @param keys where its keys of one head are, {@code [dims][pageSize]}
     * @param later where as many bytes are that are read later
     * @param q as {@link SharedRows#lift} lays it out, from {@code qAt}
     * @param s {@code [lifted rows][STRIDE]} from {@code at}
     */
    public void score(MemorySegment memory, long keys, long later, MemorySegment q, int qAt, MemorySegment s, int at) {
        code.call(MachineCode.address(memory, keys, bytes), q, s, MachineCode.address(memory, later, bytes),
                (long) qAt * Float.BYTES, (long) at * Float.BYTES);
    }

    // keys, q, s, later, bytes from q, bytes from s
    private static Assembler assemble(int line, int dims, int rows) {
        int together = rows == 1 ? 1 : QUAD;
        var asm = new Assembler();
        asm.add(RSI, R8);
        asm.add(RDX, R9);
        for (int row = 0; row < rows; row += QUAD) {
            for (int column = 0; column < line; column += LINE) {
                for (int sum = 0; sum < 2 * together; sum++) {
                    asm.vpxord(sum, sum, sum);
                }
                asm.move(RAX, RDI);
                asm.move(R10, RSI);
                asm.move(R11, RCX);
                asm.move(R8, dims);
                int nextElement = asm.here();
                if (row == 0) {
                    asm.prefetcht1(at(R11, column));
                }
                for (int half = 0; half < 2; half++) {
                    asm.vcvtph2ps(KEYS + half, at(RAX, column + half * HALVES));
                    for (int i = 0; i < together; i++) {
                        asm.vfmadd231ps(2 * i + half, KEYS + half, at(R10, (row * dims + i) * Float.BYTES));
                    }
                }
                asm.add(RAX, line);
                asm.add(R10, together * Float.BYTES);
                asm.add(R11, line);
                asm.decrement(R8);
                asm.jumpIfNotZero(nextElement);
                for (int sum = 0; sum < 2 * together; sum++) {
                    asm.vmovups(at(RDX, (row + sum / 2) * STRIDE + 2 * column + sum % 2 * FLOATS), sum);
                }
            }
        }
        asm.leave();
        return asm;
    }
}
