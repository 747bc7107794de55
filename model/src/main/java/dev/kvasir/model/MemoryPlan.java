package dev.kvasir.model;

import com.sun.management.OperatingSystemMXBean;
import dev.kvasir.model.config.ModelException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The parts of a planned allocation. If they do not fit, the error names the size of each part, in place of an
 * {@link OutOfMemoryError}.
 *
 * @param parts everything that will be allocated at the same time
 */
record MemoryPlan(List<Part> parts) {

    /** The memory of a part. */
    enum Place {
        HEAP,
        NATIVE
    }

    /**
     * One part.
     *
     * @param name the name in messages, such as "weights"
     * @param lower the action that makes it smaller, such as "lower contextTokens"
     */
    record Part(String name, Place place, long bytes, String lower) {}

    /** The available memory: free bytes of heap, bytes of memory of the machine. */
    record Limits(long heap, long machine) {

        /** The current limits of this process. A container's limit counts as the machine's memory. */
        static Limits current() {
            Runtime runtime = Runtime.getRuntime();
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Limits(runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory(),
                    system.getTotalMemorySize());
        }
    }

    /**
     * Checks that all parts fit into this process, if necessary after a garbage collection.
     *
     * @throws ModelException if they do not fit; the message names the size of each part and the option to lower
     */
    void check() {
        if (bytes(Place.HEAP) > Limits.current().heap()) {
            System.gc(); // unreachable objects count as used until then
        }
        check(Limits.current());
    }

    /**
     * Checks that all parts fit.
     *
     * @throws ModelException if they do not fit; the message names the size of each part and the option to lower
     */
    void check(Limits limits) {
        long heap = bytes(Place.HEAP);
        if (heap > limits.heap()) {
            throw new ModelException("%s of heap, %s free: %s, or raise -Xmx".formatted(needs(Place.HEAP, heap),
                    size(limits.heap()), toLower(Place.HEAP)));
        }
        long all = heap + bytes(Place.NATIVE);
        if (all > limits.machine()) {
            throw new ModelException("%s of memory, the machine has %s: %s".formatted(
                    needs(Place.NATIVE, all), size(limits.machine()), toLower(Place.NATIVE)));
        }
    }

    /** A number of bytes with a unit: {@code 1.5 GiB}. */
    static String size(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double value = Math.max(0, bytes);
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }

    private long bytes(Place place) {
        return parts.stream().filter(part -> part.place() == place).mapToLong(Part::bytes).sum();
    }

    /** Native memory and the heap share the machine's memory, so {@link Place#NATIVE} lists all parts. */
    private String needs(Place place, long total) {
        return parts.stream()
                .filter(part -> place == Place.NATIVE || part.place() == place)
                .map(part -> part.name() + " " + size(part.bytes()))
                .collect(Collectors.joining(" + "))
                + " need " + size(total);
    }

    private String toLower(Place place) {
        return parts.stream()
                .filter(part -> place == Place.NATIVE || part.place() == place)
                .filter(part -> part.bytes() > 0)
                .map(Part::lower)
                .distinct()
                .collect(Collectors.joining(" or "));
    }
}
