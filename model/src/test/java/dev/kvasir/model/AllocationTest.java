package dev.kvasir.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Counted in a JVM of its own, where nothing else allocates and no agent changes the code. */
class AllocationTest {

    @ParameterizedTest
    @CsvSource({"full, stories260K, F32", "arkvale, stories260K, F32", "arkvale, llama-q8_0, F16",
        "full, llama-q4_0, F16", "arkvale, llama-q4_K_M, F16", "full, llama-tied-f16, F16"})
    void decodingAllocatesNothing(String policy, String model, String kvType) throws Exception {
        assertThat(probe(policy, model, kvType)).contains("bytes allocated by 300 tokens: 0");
    }

    private static String probe(String policy, String model, String kvType) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process probe = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp", classPath,
                AllocationProbe.class.getName(), policy, model, kvType).redirectErrorStream(true).start();
        String output = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(probe.waitFor()).as(output).isZero();
        return output;
    }
}
