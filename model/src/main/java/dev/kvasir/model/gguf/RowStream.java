package dev.kvasir.model.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * Makes the rows of a tensor on all cores and writes them in order. Each core makes ranges of rows. The ranges depend
 * only on the tensor, not on the machine.
 */
final class RowStream implements TensorSource {
    private static final long STRETCH_BYTES = 1 << 20;

    private final int rows;
    private final long rowBytes;
    private final Filler filler;

    /** Makes rows. */
    interface Filler {
        /** Fills {@code target} with the rows from {@code firstRow} on. */
        void fill(int firstRow, int rows, MemorySegment target);
    }

    RowStream(int rows, long rowBytes, Filler filler) {
        this.rows = rows;
        this.rowBytes = rowBytes;
        this.filler = filler;
    }

    @Override
    public void writeTo(Sink sink) throws IOException {
        int stretchRows = (int) Math.clamp(STRETCH_BYTES / rowBytes, 1, rows);
        int stretches = Math.ceilDiv(rows, stretchRows);
        int atOnce = Math.min(stretches, 2 * Runtime.getRuntime().availableProcessors());
        MemorySegment[] buffers = new MemorySegment[atOnce];
        for (int i = 0; i < atOnce; i++) {
            buffers[i] = MemorySegment.ofArray(new byte[Math.toIntExact(stretchRows * rowBytes)]);
        }
        for (int first = 0; first < stretches; first += atOnce) {
            int from = first;
            int count = Math.min(atOnce, stretches - first);
            IntStream.range(0, count).parallel().forEach(i -> {
                int firstRow = (from + i) * stretchRows;
                filler.fill(firstRow, rowsOf(firstRow, stretchRows), buffers[i]);
            });
            for (int i = 0; i < count; i++) {
                sink.write(buffers[i].asSlice(0, rowsOf((from + i) * stretchRows, stretchRows) * rowBytes));
            }
        }
    }

    private int rowsOf(int firstRow, int stretchRows) {
        return Math.min(stretchRows, rows - firstRow);
    }
}
