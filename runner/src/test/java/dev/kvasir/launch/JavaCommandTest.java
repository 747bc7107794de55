package dev.kvasir.launch;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JavaCommandTest {
    private static final Jdk JDK = new Jdk(Path.of("/opt/my jdk"), 25, "25.0.1", true);

    @Test
    void carriesModulesNativeAccessMainClassAndArguments() {
        List<String> line = JavaCommand.of(JDK, Optional.empty(), "/a b/runner.jar", List.of(), List.of(),
                List.of("run", "-p", "it's"));

        assertThat(line).startsWith("/opt/my jdk/bin/java", "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED")
                .contains("-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50")
                .endsWith("-cp",
                        "/a b/runner.jar", "dev.kvasir.runner.Main", "run", "-p", "it's");
    }

    @Test
    void optionsOfTheUserReplaceOurs() {
        List<String> options = List.of("-Xmx3g", "-XX:+UseZGC");

        assertThat(JavaCommand.of(JDK, Optional.empty(), "x.jar", options, List.of(), List.of()))
                .contains("-Xmx3g", "-XX:+UseZGC")
                .doesNotContain("-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseParallelGC", "-XX:+UseZGC", "-XX:+UseShenandoahGC",
        "-XX:+UseSerialGC", "-XX:+UnlockExperimentalVMOptions -XX:+UseEpsilonGC"})
    void aCollectorFromTheEnvironmentIsTheOnlyOne(String option) {
        List<String> inherited = JvmOptions.inherited(Map.of("JAVA_TOOL_OPTIONS", option + " -XX:MaxRAMPercentage=9"));

        assertThat(JavaCommand.of(JDK, Optional.empty(), "x.jar", List.of(), inherited, List.of()))
                .noneMatch(word -> word.matches("-XX:\\+Use\\w+GC|-XX:MaxRAMPercentage=.*"));
    }

    @Test
    void loggingFromTheEnvironmentIsKept() {
        assertThat(JavaCommand.jvmOptions(Optional.empty(), List.of(), List.of("-Xlog:gc:stderr", "-Da=b")))
                .endsWith("-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:gc:stderr");
    }

    @Test
    void onTornadoTheOptionsOfTheSdkComeFirstAndChooseTheCollector() {
        var sdk = new TornadoSdk(Path.of("/opt/tornadovm"), "5.2.0-jdk25");

        assertThat(JavaCommand.of(JDK, Optional.of(sdk), "x.jar", List.of("-Da=b"), List.of(), List.of("devices")))
                .startsWith("/opt/my jdk/bin/java", "@" + Path.of("/opt/tornadovm/tornado-argfile"),
                        "-Dtornado.recover.bailout=False", "--add-modules=jdk.incubator.vector")
                .endsWith("-Da=b", "-cp", "x.jar", "dev.kvasir.runner.Main", "devices")
                .noneMatch(option -> option.endsWith("GC"));
    }

    @Test
    void kernelsAreCompiledEarlyButNotOnTornado() {
        String early = "-XX:CompileCommand=CompileThresholdScaling,dev.kvasir.kernels.matrix.vector.*::*,0.02";

        assertThat(JavaCommand.of(JDK, Optional.empty(), "x.jar", List.of(), List.of(), List.of()))
                .containsSubsequence("-XX:CompileCommand=quiet", early);
        assertThat(JavaCommand.of(JDK, Optional.of(new TornadoSdk(Path.of("/opt/tornadovm"), "5.2.0-jdk25")), "x.jar",
                List.of(), List.of(), List.of())).doesNotContain(early);
    }

    @Test
    void theArgumentFileHoldsTheOptionsOfTheLibrary() throws IOException {
        List<String> options = Files.readAllLines(Path.of("kvasir.args"))
                .stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();

        assertThat(options).isEqualTo(JavaCommand.libraryOptions());
        assertThat(JavaCommand.jvmOptions(Optional.empty(), List.of(), List.of())).containsSubsequence(options);
    }

    @Test
    void everyPackageWithVectorsIsCompiledEarly() throws IOException {
        Path kernels = Path.of("../tornado-kernels/src/main/java/dev/kvasir/kernels");
        try (var files = Files.walk(kernels)) {
            List<Path> vectors = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> read(file).contains("import jdk.incubator.vector."))
                    .toList();

            assertThat(vectors).isNotEmpty().allSatisfy(file -> {
                String folder = kernels.relativize(file.getParent()).toString().replace('/', '.') + ".";
                assertThat(JavaCommand.KERNELS).anyMatch(early -> folder.startsWith(early + "."));
            });
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theLineCanBePastedIntoAShell() {
        assertThat(JavaCommand.quoted(List.of("/opt/my jdk/bin/java", "-Da=b", "it's", "")))
                .isEqualTo("'/opt/my jdk/bin/java' -Da=b 'it'\\''s' ''");
    }

    @ParameterizedTest
    @ValueSource(classes = {Launcher.class, JavaCommand.class, Jdk.class, JdkFinder.class, NoJdkException.class,
        NoTornadoException.class, TornadoSdk.class, LaunchArguments.class, ClassArchive.class, CacheFolder.class,
        JvmOptions.class, CommandLineWords.class,
        NotUtf8Exception.class, Signals.class})
    void everyClassOfTheLauncherRunsOnJava17(Class<?> type) throws IOException {
        try (var in = new DataInputStream(type.getResourceAsStream(type.getSimpleName() + ".class"))) {
            assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
            in.readUnsignedShort();
            assertThat(in.readUnsignedShort()).as("class file version").isEqualTo(61);
        }
    }

    @Test
    void theManifestMayNameAnotherProgram() {
        var manifest = "Manifest-Version: 1.0\nKvasir-Main: org.openjdk.jmh.Main\n";
        assertThat(JavaCommand.mainOf(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("org.openjdk.jmh.Main");
        assertThat(JavaCommand
                .mainOf(new ByteArrayInputStream("Manifest-Version: 1.0\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("dev.kvasir.runner.Main");
    }
}
