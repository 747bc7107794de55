package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.machine.Assembler;
import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.page.PageGeometry;
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
 * What {@link PageHalves} does, in machine code for one shape of pages and number of query heads that share them. It
 * has the processor convert half floats, and with every line that it reads asks for one of a page that comes later, so that memory does
 * not wait for arithmetic, nor arithmetic for memory. The Vector API can do neither.
 *
 * <p>Every lane has a token's score, or a sum of an element, in the order of tokens and elements.
 */
final class PageCode {

    private static final int LINE = 64;
    private static final int LANES = 16;
    private static final int HALVES = LANES * Short.BYTES;
    private static final int FLOATS = LANES * Float.BYTES;
    private static final int QUAD = 4; // rows whose sums are in registers at once
    private static final int VALUES = 4; // vectors of elements, likewise
    private static final int STRIDE = PagedAttention.CHUNK_TOKENS * Float.BYTES; // of rows of scores and weights
    /** Pages between what is read and what is asked for. */
    static final int AHEAD = 4;

    private static final int DECODED = 16; // the first register of what was read

    private final MachineCode scores;
    private final MachineCode values;
    private final int bytes;

    private PageCode(MachineCode scores, MachineCode values, int bytes) {
        this.scores = scores;
        this.values = values;
        this.bytes = bytes;
    }

    /**
     * Nothing if the pages are of another type or shape, or the processor lacks what is needed.
     *
     * @param rows query heads that share a KV head
     */
    static Optional<PageCode> of(PageGeometry geometry, int rows) {
        if (!MachineCode.hasVectors() || Lanes.bits() != 512 || !PageHalves.reads(geometry)
                || geometry.headDim() % (VALUES * LANES) != 0) {
            return Optional.empty();
        }
        int bytes = geometry.pageSize() * geometry.headDim() * Short.BYTES;
        return MachineCode.of(scores(geometry, rows))
                .flatMap(scores -> MachineCode.of(values(geometry, rows))
                        .map(values -> new PageCode(scores, values, bytes)));
    }

    /**
     * Scores of all tokens of a page: {@code s[row][t] = q[row] . k[t]}.
     *
     * @param keys where its keys of one head are, {@code [headDim][pageSize]}
     * @param later where a page is that is read {@link #AHEAD} pages later, as many bytes
     * @param q as {@link PageHalves#lift} lays it out, from {@code qAt}
     * @param s {@code [lifted rows][CHUNK_TOKENS]} from {@code at}
     */
    void scores(MemorySegment memory, long keys, long later, MemorySegment q, int qAt, MemorySegment s, int at) {
        scores.call(MachineCode.address(memory, keys, bytes), q, s, MachineCode.address(memory, later, bytes),
                (long) qAt * Float.BYTES, (long) at * Float.BYTES);
    }

    /**
     * Adds weighted values of one page: {@code sum[row] += p[row][t] * v[t]}.
     *
     * @param values where its values of one head are, {@code [pageSize][headDim]}
     * @param later where a page is that is read {@link #AHEAD} pages later, as many bytes
     * @param count tokens, at least one
     * @param p {@code [lifted rows][CHUNK_TOKENS]} from {@code at}
     * @param sum {@code [lifted rows][headDim]}
     */
    void addValues(MemorySegment memory, long values, long later, int count, MemorySegment p, int at,
            MemorySegment sum) {
        this.values.call(MachineCode.address(memory, values, bytes), p, sum, MachineCode.address(memory, later, bytes),
                (long) at * Float.BYTES, count);
    }

    // keys, q, s, later, bytes from q, bytes from s
    private static Assembler scores(PageGeometry geometry, int rows) {
        int line = geometry.pageSize() * Short.BYTES;
        int headDim = geometry.headDim();
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
                asm.move(R8, headDim);
                int nextElement = asm.here();
                if (row == 0) {
                    asm.prefetcht1(at(R11, column));
                }
                for (int half = 0; half < 2; half++) {
                    asm.vcvtph2ps(DECODED + half, at(RAX, column + half * HALVES));
                    for (int i = 0; i < together; i++) {
                        asm.vfmadd231ps(2 * i + half, DECODED + half, at(R10, (row * headDim + i) * Float.BYTES));
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

    // values, p, sum, later, bytes from p, count
    private static Assembler values(PageGeometry geometry, int rows) {
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
