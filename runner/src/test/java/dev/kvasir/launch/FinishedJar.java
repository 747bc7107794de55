package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts the finished jar.
 *
 * @param folder an empty folder for its output
 */
record FinishedJar(Path folder) {
    static final Path JAR = Path.of(System.getProperty("kvasir.jar", "runner/target/runner.jar")).toAbsolutePath();
    /** One cache folder for all tests: the first run of a new jar writes an archive of classes. */
    static final Path CACHE = JAR.resolveSibling("it-cache");
    /** A model of 260 thousand weights with a context of 512 tokens. */
    static final Path STORIES = Path.of("../model/src/test/resources/stories260k/stories260K-f32.gguf")
            .toAbsolutePath()
            .normalize();

    record Outcome(int code, String out, String err) {
        /** What Kvasir itself wrote: the JVM's warning about incubator modules cannot be silenced. */
        List<String> sentences() {
            return err.lines()
                    .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                    .filter(line -> !line.contains("Picked up"))
                    .toList();
        }
    }

    /** Every Java that could start the jar: the oldest found from 17 on, and the one of this build. */
    static Stream<Path> javas() {
        return Stream.concat(olderJava().stream(), Stream.of(ownJava()));
    }

    static Path ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    static List<Path> olderJava() {
        return JdkFinder.ofThisMachine()
                .all()
                .stream()
                .filter(jdk -> jdk.feature() >= 17 && jdk.feature() < 25)
                .min(Comparator.comparingInt(Jdk::feature))
                .map(Jdk::java)
                .map(List::of)
                .orElse(List.of());
    }

    Outcome run(Path java, Map<String, String> environment, String... args) throws Exception {
        return run(java, JAR, environment, args);
    }

    Outcome run(Path java, Path jar, Map<String, String> environment, String... args) throws Exception {
        var line = new ArrayList<>(List.of(java.toString(), "-jar", jar.toString()));
        line.addAll(List.of(args));
        return outcome(environment, line);
    }

    /** Runs a source file with the jar as its class path and no option. */
    Outcome script(Path java, Path file) throws Exception {
        return outcome(Map.of(), List.of(java.toString(), "-cp", JAR.toString(), file.toString()));
    }

    /** Runs a line of {@code sh}, in which {@code $K} starts the jar. Bytes that are not ASCII go in as {@code printf} has them. */
    Outcome shell(Path java, Map<String, String> environment, String script) throws Exception {
        return outcome(environment, List.of("sh", "-c", "K='" + java + " -jar " + JAR + "'\n" + script));
    }

    /** Runs the Java of this build. */
    Outcome java(List<String> arguments) throws Exception {
        var line = new ArrayList<>(List.of(ownJava().toString()));
        line.addAll(arguments);
        return outcome(Map.of(), line);
    }

    private Outcome outcome(Map<String, String> environment, List<String> line) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = builder(environment, line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    ProcessBuilder start(Path java, Map<String, String> environment, String... args) {
        var line = new ArrayList<>(List.of(java.toString(), "-jar", JAR.toString()));
        line.addAll(List.of(args));
        return builder(environment, line);
    }

    private ProcessBuilder builder(Map<String, String> environment, List<String> line) {
        var builder = new ProcessBuilder(line);
        builder.environment().put("KVASIR_CACHE_DIR", CACHE.toString());
        builder.environment().putAll(environment);
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            }
        });
        return builder;
    }
}
