package dev.kvasir.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the launcher knows of the processor, and the JVM's options that follow from it. */
final class Processor {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final int TRIED_JAVA = 25;

    private Processor() {}

    /** Options for a JVM on this machine. */
    static List<String> options(Jdk jdk) {
        return options(jdk, CPUINFO);
    }

    /**
     * Lets products of prompts be computed in 16-bit floats if {@code cpuinfo} lists AVX-512 FP16. C2 vectorises loops over
     * them only with the first two options; it was tried with JDK 25, and another may know other options.
     */
    static List<String> options(Jdk jdk, Path cpuinfo) {
        if (jdk.feature() != TRIED_JAVA || !has("avx512_fp16", cpuinfo)) {
            return List.of();
        }
        return List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:LoopUnrollLimit=100", "-XX:+UnlockDiagnosticVMOptions",
                "-XX:SuperWordAutomaticAlignment=0", "-Dkvasir.halfProducts=true");
    }

    private static boolean has(String flag, Path cpuinfo) {
        try (var in = Files.newBufferedReader(cpuinfo, StandardCharsets.ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("flags")) {
                    return (line + " ").contains(" " + flag + " ");
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            return false; // no Linux, or no file system for processes: f32 will do
        }
    }
}
