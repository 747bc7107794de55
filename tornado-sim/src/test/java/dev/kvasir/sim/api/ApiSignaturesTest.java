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
    private static final Set<Pattern> NEWER = Set.of(Pattern.compile("types/arrays/Int8Array\\..*"),
            Pattern.compile("types/arrays/\\w+\\.fromSegmentShallow\\(.*"),
            Pattern.compile("types/arrays/HalfFloatArray\\.[gs]etHalf2\\(.*"),
            Pattern.compile("types/vectors/Half2\\.(fma|lowFloat|highFloat|fromFloats)\\(.*"),
            Pattern.compile("common/TornadoFunctions\\$Task(1[6-9]|20)\\..*"),
            Pattern.compile("TaskGraph\\.task\\(Ljava/lang/String;Luk/ac/manchester/tornado/api/common/"
                    + "TornadoFunctions\\$Task(1[6-9]|20);.*"),
            Pattern.compile("KernelContext\\.mma.*"), Pattern.compile("enums/MMAShape\\..*"),
            Pattern.compile("KernelContext\\.allocate(Byte|HalfFloat)LocalArray\\(.*"),
            Pattern.compile("TornadoExecutionPlan\\.with(CUDAGraph|(out)?IntraPlanConcurrency|(out)?StagedTransfers)"
                    + "\\(.*"));

    private final PublicApi ours;

    ApiSignaturesTest() throws IOException {
        ours = PublicApi.ofFolder(property("tornado.sim.classes"));
    }

    @Test
    void everySignatureIsThatOfTornadoVm11() throws IOException {
        Map<String, String> differences = ours.differencesFrom(PublicApi.ofJar(property("tornado.api.jar")));
        differences.keySet().removeIf(member -> NEWER.stream().anyMatch(p -> p.matcher(member).matches()));
        assertThat(ours.size()).isGreaterThan(60);
        assertThat(differences).isEmpty();
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "TORNADOVM_HOME", matches = ".+")
    void everySignatureIsThatOfTheSdk() throws IOException {
        Path modules = Path.of(System.getenv("TORNADOVM_HOME"), "share", "java", "tornado");
        try (Stream<Path> jars = Files.list(modules)) {
            Path api = jars.filter(jar -> jar.getFileName().toString().startsWith("tornado-api-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(ours.differencesFrom(PublicApi.ofJar(api))).isEmpty();
        }
    }

    private static Path property(String name) {
        return Path.of(java.util.Objects.requireNonNull(System.getProperty(name), name));
    }
}
