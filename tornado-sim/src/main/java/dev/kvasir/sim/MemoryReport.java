package dev.kvasir.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The memory traffic of kernels by source line, counted by the rules of an NVIDIA device; for teaching. While it is
 * open, it counts the launches of the thread that opened it. Checks must be on.
 *
 * <p>Work-items {@code 32 i} to {@code 32 i + 31} of a group are a warp. The n-th access of each of them at one source
 * line since the last barrier counts as one request. A request to global memory moves sectors of 32 bytes; four sectors
 * are a cache line of 128 bytes. The first element of a native array is {@code ARRAY_HEADER} bytes after the start of a
 * sector, so 32 neighbouring floats touch five sectors, not four. A request to local memory is served by 32 banks of 4
 * bytes; each further word of one bank costs one more pass. Local arrays are assumed to begin at bank 0.
 */
public final class MemoryReport implements AutoCloseable {
    /** Bytes of a sector. */
    public static final int SECTOR = 32;
    /** Banks of local memory. */
    public static final int BANKS = 32;
    /** Work-items of a warp. */
    public static final int WARP = 32;

    private static final int FIRST_NUMBER = 3; // of the columns of the table

    private static final ThreadLocal<@Nullable MemoryReport> OPEN = new ThreadLocal<>();

    private final Map<Use, Line> lines = new LinkedHashMap<>();

    /**
     * A source line at which a kernel accesses an array.
     *
     * @param kernel {@code Class.method}
     * @param place {@code File.java:line}
     * @param what the access: {@code get y}
     * @param local whether the array is in local memory
     */
    public record Use(String kernel, String place, String what, boolean local) {}

    /**
     * The cost of an access.
     *
     * @param use the access
     * @param requests warp-wide requests
     * @param bytes distinct bytes of each request, summed over the requests
     * @param sectors sectors moved by the requests; 0 for local memory
     * @param conflicts additional passes because of bank conflicts; 0 for global memory
     */
    public record Line(Use use, long requests, long bytes, long sectors, long conflicts) {

        /** The requested share of the moved bytes. */
        public double efficiency() {
            return sectors == 0 ? 1 : (double) bytes / (sectors * SECTOR);
        }

        Line plus(Line other) {
            return new Line(use, requests + other.requests, bytes + other.bytes, sectors + other.sectors,
                    conflicts + other.conflicts);
        }
    }

    private MemoryReport() {}

    /** Starts counting on this thread. */
    public static MemoryReport open() {
        if (OPEN.get() != null) {
            throw new IllegalStateException("a memory report is open on this thread: close it first");
        }
        var report = new MemoryReport();
        OPEN.set(report);
        return report;
    }

    /** The open report of this thread, or null. */
    public static @Nullable MemoryReport current() {
        return OPEN.get();
    }

    /** Adds the counts of a launch. */
    public void add(Line line) {
        lines.merge(line.use(), line, Line::plus);
    }

    /** The counts, in the order of the first access at each line. */
    public List<Line> lines() {
        return new ArrayList<>(lines.values());
    }

    @Override
    public void close() {
        OPEN.remove();
    }

    /** A table with a line for each use. */
    @Override
    public String toString() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("kernel", "place", "use", "requests", "bytes", "sectors", "efficiency", "conflicts"));
        for (Line line : lines.values()) {
            Use use = line.use();
            rows.add(List.of(use.kernel(), use.place(), use.what(), Long.toString(line.requests()),
                    Long.toString(line.bytes()), use.local() ? "-" : Long.toString(line.sectors()),
                    use.local() ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * line.efficiency()),
                    use.local() ? Long.toString(line.conflicts()) : "-"));
        }
        var format = new StringBuilder();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            int at = column;
            int width = rows.stream().mapToInt(row -> row.get(at).length()).max().orElseThrow();
            format.append(column == 0 ? "%" : "  %").append(column < FIRST_NUMBER ? "-" : "").append(width).append('s');
        }
        format.append("%n");
        return rows.stream().map(row -> format.toString().formatted(row.toArray())).collect(Collectors.joining());
    }
}
