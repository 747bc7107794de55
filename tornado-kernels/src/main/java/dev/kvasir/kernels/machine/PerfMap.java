package dev.kvasir.kernels.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The symbols of assembled code for Linux's perf, which knows no names for code that a process wrote: a line
 * {@code address size name}, in hexadecimal, for each function in {@code /tmp/perf-PID.map}. Only with
 * {@code -Dkvasir.perfMap=true}.
 */
final class PerfMap {
    private static final boolean WANTED = Boolean.getBoolean("kvasir.perfMap");

    private PerfMap() {}

    static void add(long address, long bytes, String name) {
        if (WANTED) {
            append(Path.of("/tmp", "perf-" + ProcessHandle.current().pid() + ".map"), address, bytes, name);
        }
    }

    static synchronized void append(Path map, long address, long bytes, String name) {
        try {
            Files.writeString(map, "%x %x kvasir::%s%n".formatted(address, bytes, name), StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be written (%s): run without -Dkvasir.perfMap".formatted(map,
                    e.getMessage()), e);
        }
    }
}
