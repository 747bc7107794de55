package dev.kvasir.kernels.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** What Linux says of the processor. */
final class Cpu {

    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private Cpu() {}

    /** The names of its features, as in {@code /proc/cpuinfo}; none where there is no such file. */
    static Set<String> features() {
        return features(CPUINFO);
    }

    static Set<String> features(Path cpuinfo) {
        try (var in = Files.newBufferedReader(cpuinfo, StandardCharsets.ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("flags")) {
                    return Set.copyOf(Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split("\\s+")));
                }
            }
            return Set.of();
        } catch (IOException | RuntimeException e) {
            return Set.of(); // no Linux, or no file system for processes
        }
    }
}
