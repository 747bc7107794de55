package dev.kvasir.sim.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The simulator offers nothing that TornadoVM lacks, signature for signature: code that compiles here compiles and links
 * there.
 */
final class ApiSignaturesTest {
    /** What came after TornadoVM 1.1: compared with an SDK where there is one. */
    private static final Set<Pattern> NEWER = Set.of(Pattern.compile("api/types/arrays/Int8Array\\..*"),
            Pattern.compile("api/types/arrays/\\w+\\.fromSegmentShallow\\(.*"),
            Pattern.compile("api/types/arrays/HalfFloatArray\\.[gs]etHalf2\\(.*"),
            Pattern.compile("api/types/vectors/Half2\\.(fma|lowFloat|highFloat|fromFloats)\\(.*"),
            Pattern.compile("api/common/TornadoFunctions\\$Task(1[6-9]|20)\\..*"),
            Pattern.compile("api/TaskGraph\\.task\\(Ljava/lang/String;Luk/ac/manchester/tornado/api/common/"
                    + "TornadoFunctions\\$Task(1[6-9]|20);.*"),
            Pattern.compile("api/TaskGraph\\.libraryTask\\(.*"), Pattern.compile("api/common/LibraryTask.*"),
            Pattern.compile("api/common/TornadoFunctions\\$LibraryTask.*"), Pattern.compile("runtime/.*"),
            Pattern.compile("api/KernelContext\\.mma.*"), Pattern.compile("api/enums/MMAShape\\..*"),
            Pattern.compile("api/KernelContext\\.allocate(Byte|HalfFloat)LocalArray\\(.*"),
            Pattern.compile(
                    "api/TornadoExecutionPlan\\.with(CUDAGraph|(out)?IntraPlanConcurrency|(out)?StagedTransfers)"
                            + "\\(.*"));

    private final PublicApi ours;

    ApiSignaturesTest() throws IOException {
        ours = PublicApi.ofFolder(property("tornado.sim.classes"));
    }

    @Test
    void everySignatureIsThatOfTornadoVm11() throws IOException {
        Map<String, String> differences = ours.differencesFrom(PublicApi.ofJars(property("tornado.api.jar")));
        differences.keySet().removeIf(member -> NEWER.stream().anyMatch(p -> p.matcher(member).matches()));
        assertThat(ours.size()).isGreaterThan(60);
        assertThat(differences).isEmpty();
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "TORNADOVM_HOME", matches = ".+")
    void everySignatureIsThatOfTheSdk() throws IOException {
        Path modules = Path.of(System.getenv("TORNADOVM_HOME"), "share", "java", "tornado");
        try (Stream<Path> jars = Files.list(modules)) {
            Path[] parts = jars.filter(jar -> jar.getFileName().toString().matches("tornado-(api|runtime)-.*\\.jar"))
                    .toArray(Path[]::new);
            assertThat(parts).hasSize(2);
            assertThat(ours.differencesFrom(PublicApi.ofJars(parts))).isEmpty();
        }
    }

    private static Path property(String name) {
        return Path.of(java.util.Objects.requireNonNull(System.getProperty(name), name));
    }
}
