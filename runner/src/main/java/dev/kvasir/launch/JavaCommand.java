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
    /** The main class to run on Java 25: the one that the jar's manifest names, or Kvasir's. */
    static final String MAIN = mainOf(manifest());
    /** Attribute of the manifest that names another main class. */
    static final String MAIN_ATTRIBUTE = "Kvasir-Main";
    private static final String KVASIR = "dev.kvasir.runner.Main";
    /** System property with the process id of the launcher; the child ends when that process ends. */
    static final String PARENT = "kvasir.parent";

    /** The packages whose classes call the Vector API or machine code; packages below them count, too. */
    static final List<String> KERNELS = List.of("attention.vector", "choice.vector", "digest.vector", "matrix.machine",
            "matrix.vector", "page.machine", "page.vector", "rows.vector", "simd");
    /**
     * Until C2 has compiled a kernel, each of its vectors is an array on the heap and takes microseconds. So C2
     * compiles kernels after a fiftieth of the usual calls. The threshold for loops that still run in the interpreter
     * is raised, because their code is needed only once. Profiles count as complete earlier, so that they describe the
     * kernels' callees well enough by then.
     */
    private static final List<String> COMPILE_KERNELS_EARLY = compileKernelsEarly();

    /** What the vector engine needs of any JVM. */
    private static final List<String> ENGINE = List.of("--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED");
    /** Kernels check their offsets when weights are packed; checking every vector load again costs a fifth of the speed. */
    private static final String LOADS_UNCHECKED = "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0";

    private JavaCommand() {}

    /** The options that make the vector engine run, and run fast, in a program with Kvasir as a library. */
    static List<String> libraryOptions() {
        var options = new ArrayList<>(ENGINE);
        options.add(LOADS_UNCHECKED);
        options.addAll(COMPILE_KERNELS_EARLY);
        return options;
    }

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

    /**
     * The manifest, empty if it cannot be read. It is read from the jar itself if there is one, which saves a tenth of
     * the start time.
     */
    private static InputStream manifest() {
        String path = System.getProperty("java.class.path", "");
        if (path.endsWith(".jar") && path.indexOf(File.pathSeparatorChar) < 0) {
            try (var jar = new JarFile(path)) {
                byte[] bytes = jar.getInputStream(jar.getEntry(JarFile.MANIFEST_NAME)).readAllBytes();
                return new ByteArrayInputStream(bytes);
            } catch (IOException | RuntimeException e) {
                return InputStream.nullInputStream(); // no manifest: this is Kvasir
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

    /** Whether this is the jar of the benchmarks or of another program with this launcher. */
    static boolean isAnotherProgram() {
        return !MAIN.equals(KVASIR);
    }

    /**
     * The command and its arguments.
     *
     * @param sdk TornadoVM, if Kvasir is to run on it; its file of options then comes first and chooses the garbage
     *             collector
     * @param options more options for the JVM; they come last and override the others
     * @param inherited the options that the JVM takes from the environment by itself; Kvasir's must not contradict them
     */
    static List<String> of(Jdk jdk, Optional<TornadoSdk> sdk, String classPath, List<String> options,
            List<String> inherited, List<String> args) {
        List<String> line = new ArrayList<>();
        line.add(jdk.java().toString());
        line.addAll(jvmOptions(sdk, options, inherited));
        line.add("-cp");
        line.add(classPath);
        line.add(MAIN);
        line.addAll(args);
        return line;
    }

    /** The options between the {@code java} command and the class path. C2's code for the kernels depends on them. */
    static List<String> jvmOptions(Optional<TornadoSdk> sdk, List<String> options, List<String> inherited) {
        List<String> users = new ArrayList<>(inherited);
        users.addAll(JvmOptions.withFiles(options));
        List<String> line = new ArrayList<>();
        if (sdk.isPresent()) {
            line.add("@" + sdk.get().argfile());
            // Without this, TornadoVM silently runs a kernel that its compiler rejects as sequential Java.
            line.add("-Dtornado.recover.bailout=False");
        }
        line.addAll(ENGINE);
        // Decoding allocates almost nothing, so the collector that starts fastest and uses no core of its own is the
        // best.
        if (sdk.isEmpty() && !anyMatches(users, "-XX:\\+Use\\w+GC")) {
            line.add("-XX:+UseSerialGC");
        }
        if (!anyMatches(users, "-Xmx.*|-XX:(MaxHeapSize|MaxRAMPercentage|MaxRAMFraction)=.*")) {
            line.add("-XX:MaxRAMPercentage=50"); // weights, frames and backups are outside the heap
        }
        line.add(LOADS_UNCHECKED);
        if (sdk.isEmpty()) {
            line.addAll(COMPILE_KERNELS_EARLY);
        }
        // stdout carries only the answer, not the JVM's messages.
        line.add("-XX:+DisplayVMOutputToStderr");
        line.add("-Xlog:disable");
        line.add("-Xlog:all=warning:stderr");
        inherited.stream().filter(option -> option.startsWith("-Xlog")).forEach(line::add); // the line above ends them
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

    /** The line in the syntax of a shell. */
    static String quoted(List<String> line) {
        return line.stream().map(JavaCommand::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
