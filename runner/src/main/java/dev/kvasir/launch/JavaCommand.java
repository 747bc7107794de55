package dev.kvasir.launch;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** The {@code java} line that starts Kvasir. */
final class JavaCommand {
    /** Environment variable with more options for the JVM, separated by spaces. */
    static final String KVASIR_JAVA_OPTS = "KVASIR_JAVA_OPTS";
    /** The real main class, which needs Java 25: what the jar's manifest names, or Kvasir's. */
    static final String MAIN = mainOf(manifest());
    /** Attribute of the manifest with another main class. */
    static final String MAIN_ATTRIBUTE = "Kvasir-Main";
    private static final String KVASIR = "dev.kvasir.runner.Main";
    /** System property by which the child knows whose end it must not outlive. */
    static final String PARENT = "kvasir.parent";

    /** The packages whose classes call the Vector API or machine code; packages below them count, too. */
    static final List<String> KERNELS = List.of("attention.vector", "choice.vector", "digest.vector", "matrix.machine",
            "matrix.vector", "page.machine", "page.vector", "rows.vector", "simd");
    /**
     * Until the second compiler has a kernel, each of its vectors is an array on the heap and takes microseconds: kernels are
     * compiled at a fiftieth of the usual count of calls. Loops that run on in the
     * interpreter come later than usual, because their code is needed once; profiles count as complete earlier, so
     * that what the kernels call is known well enough by then.
     */
    private static final List<String> COMPILE_KERNELS_EARLY = compileKernelsEarly();

    private JavaCommand() {}

    private static List<String> compileKernelsEarly() {
        var options = new ArrayList<String>();
        options.add("-XX:CompileCommand=quiet");
        for (String kernels : KERNELS) {
            options.add("-XX:CompileCommand=CompileThresholdScaling,dev.kvasir.kernels." + kernels + ".*::*,0.02");
        }
        options.add("-XX:Tier4BackEdgeThreshold=400000");
        options.add("-XX:ProfileMaturityPercentage=2");
        return List.copyOf(options);
    }

    /** The manifest, empty if it cannot be read. From the jar itself where there is one: that is faster by a tenth of what a start has. */
    private static InputStream manifest() {
        String path = System.getProperty("java.class.path", "");
        if (path.endsWith(".jar") && path.indexOf(File.pathSeparatorChar) < 0) {
            try (var jar = new JarFile(path)) {
                byte[] bytes = jar.getInputStream(jar.getEntry(JarFile.MANIFEST_NAME)).readAllBytes();
                return new ByteArrayInputStream(bytes);
            } catch (IOException | RuntimeException e) {
                return InputStream.nullInputStream(); // then this is Kvasir
            }
        }
        InputStream resource = JavaCommand.class.getResourceAsStream("/" + JarFile.MANIFEST_NAME);
        return resource == null ? InputStream.nullInputStream() : resource;
    }

    static String mainOf(InputStream manifest) {
        try (manifest) {
            String named = new Manifest(manifest).getMainAttributes().getValue(MAIN_ATTRIBUTE);
            return named == null ? KVASIR : named;
        } catch (IOException e) {
            return KVASIR;
        }
    }

    /** Whether this is the jar of the benchmarks, or another that is started like Kvasir. */
    static boolean isAnotherProgram() {
        return !MAIN.equals(KVASIR);
    }

    /**
     * The command and its arguments.
     *
     * @param sdk TornadoVM, if it is to run on it: its own file of options then comes first, and chooses the collector
     * @param options more options for the JVM; they come last and win
     */
    static List<String> of(Jdk jdk, Optional<TornadoSdk> sdk, String classPath, List<String> options,
            List<String> args) {
        List<String> line = new ArrayList<>();
        line.add(jdk.java().toString());
        line.addAll(jvmOptions(sdk, options));
        line.add("-cp");
        line.add(classPath);
        line.add(MAIN);
        line.addAll(args);
        return line;
    }

    /** What stands between the {@code java} command and the class path: what C2 makes of the kernels depends on it. */
    static List<String> jvmOptions(Optional<TornadoSdk> sdk, List<String> options) {
        List<String> line = new ArrayList<>();
        if (sdk.isPresent()) {
            line.add("@" + sdk.get().argfile());
            // Without this a kernel that the compiler rejects is run in sequential Java, and nobody notices.
            line.add("-Dtornado.recover.bailout=False");
        }
        line.add("--add-modules=jdk.incubator.vector");
        line.add("--enable-native-access=ALL-UNNAMED");
        // Decoding allocates next to nothing: the collector that starts fastest and takes no core is the best one.
        if (sdk.isEmpty() && !anyMatches(options, "-XX:\\+Use\\w+GC")) {
            line.add("-XX:+UseSerialGC");
        }
        if (!anyMatches(options, "-Xmx.*|.*MaxRAMPercentage.*")) {
            line.add("-XX:MaxRAMPercentage=50"); // weights, frames and backups lie outside the heap
        }
        // Kernels check their offsets when weights are packed; checking every vector load again costs a fifth of the speed.
        line.add("-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0");
        if (sdk.isEmpty()) {
            line.addAll(COMPILE_KERNELS_EARLY);
        }
        // stdout carries the answer and nothing else, not even what the JVM has to say.
        line.add("-XX:+DisplayVMOutputToStderr");
        line.add("-Xlog:disable");
        line.add("-Xlog:all=warning:stderr");
        line.addAll(options);
        return line;
    }

    private static boolean anyMatches(List<String> options, String pattern) {
        for (String option : options) {
            if (option.matches(pattern)) {
                return true;
            }
        }
        return false;
    }

    /** The options in {@link #KVASIR_JAVA_OPTS}. */
    static List<String> options(String value) {
        return value.isBlank() ? List.of() : List.of(value.trim().split("\\s+"));
    }

    /** The line as one would type it in a shell. */
    static String quoted(List<String> line) {
        return line.stream().map(JavaCommand::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
