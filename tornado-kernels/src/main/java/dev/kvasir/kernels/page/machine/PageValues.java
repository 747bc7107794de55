package dev.kvasir.kernels.page.machine;

import dev.kvasir.kernels.machine.Assembler;
import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.SharedRows;
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

/** Weighted values of a page, {@code sum[row] += p[row][t] * v[t]}, in machine code like {@link PageScores}. */
public final class PageValues {

    private static final int LINE = 64;
    private static final int LANES = 16;
    private static final int HALVES = LANES * Short.BYTES;
    private static final int FLOATS = LANES * Float.BYTES;
    private static final int QUAD = 4; // rows whose sums are in registers at once
    private static final int VALUES = 4; // vectors of elements, likewise
    private static final int STRIDE = SharedRows.STRIDE * Float.BYTES; // of rows of weights
    private static final int DECODED = QUAD * VALUES; // the first register of values

    private final MachineCode code;
    private final int bytes;

    private PageValues(MachineCode code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /**
     * Nothing if the pages are of another type or shape, or the processor lacks the instructions.
     *
     * @param rows query heads that share a KV head
     */
    public static Optional<PageValues> of(PageGeometry geometry, int rows) {
        return PageScores.reads(geometry)
                && geometry.headDim() % (VALUES * LANES) == 0
                        ? MachineCode
                                .of("PageValues_%dx%d_%d_rows".formatted(geometry.pageSize(), geometry.headDim(), rows),
                                        assemble(geometry, rows))
                                .map(code -> new PageValues(code,
                                        geometry.pageSize() * geometry.headDim() * Short.BYTES))
                        : Optional.empty();
    }

    /**
     * Adds the weighted values of a page; the sums are in the order of their elements.
     *
     * @param values where its values of one head are, {@code [pageSize][headDim]}
     * @param later where as many bytes are that are read later
     * @param count tokens, at least one
     * @param p {@code [lifted rows][STRIDE]} from {@code at}
     * @param sum {@code [lifted rows][headDim]}
     */
    public void add(MemorySegment memory, long values, long later, int count, MemorySegment p, int at,
            MemorySegment sum) {
        code.call(MachineCode.address(memory, values, bytes), p, sum, MachineCode.address(memory, later, bytes),
                (long) at * Float.BYTES, count);
    }

    // values, p, sum, later, bytes from p, count
    private static Assembler assemble(PageGeometry geometry, int rows) {
        int line = geometry.headDim() * Short.BYTES;
        int together = rows == 1 ? 1 : QUAD;
        var asm = new Assembler();
        asm.add(RSI, R8);
        for (int row = 0; row < rows; row += QUAD) {
            for (int column = 0; column < line; column += VALUES * HALVES) {
                for (int sum = 0; sum < VALUES * together; sum++) {
                    asm.vmovups(sum, at(RDX, sumAt(row, column, sum, line)));
                }
                asm.move(RAX, RDI);
                asm.move(R10, RSI);
                asm.move(R11, RCX);
                asm.move(R8, R9);
                int nextToken = asm.here();
                for (int ahead = 0; row == 0 && ahead < VALUES * HALVES; ahead += LINE) {
                    asm.prefetcht1(at(R11, column + ahead));
                }
                for (int v = 0; v < VALUES; v++) {
                    asm.vcvtph2ps(DECODED + v, at(RAX, column + v * HALVES));
                    for (int i = 0; i < together; i++) {
                        asm.vfmadd231ps(VALUES * i + v, DECODED + v, at(R10, (row + i) * STRIDE));
                    }
                }
                asm.add(RAX, line);
                asm.add(R10, Float.BYTES);
                asm.add(R11, line);
                asm.decrement(R8);
                asm.jumpIfNotZero(nextToken);
                for (int sum = 0; sum < VALUES * together; sum++) {
                    asm.vmovups(at(RDX, sumAt(row, column, sum, line)), sum);
                }
            }
        }
        asm.leave();
        return asm;
    }

    private static int sumAt(int row, int column, int sum, int line) {
        return (row + sum / VALUES) * 2 * line + 2 * column + sum % VALUES * FLOATS;
    }
}
