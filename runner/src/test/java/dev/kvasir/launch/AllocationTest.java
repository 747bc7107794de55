package dev.kvasir.launch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counted in a JVM of its own, where nothing else allocates and no agent changes the code, with the options that the
 * launcher gives the program. With other options C2 inlines other calls, and the allocations differ from those of the
 * program.
 */
class AllocationTest {
    private static final Path MODELS = Path.of("../model/src/test/resources");

    @ParameterizedTest
    @CsvSource({"full, stories260k/stories260K-f32, F32", "arkvale, stories260k/stories260K-f32, F32",
        "arkvale, oracle/llama-q8_0, F16", "full, oracle/llama-q4_0, F16", "arkvale, oracle/llama-q4_K_M, F16",
        "full, oracle/llama-tied-f16, F16"})
    void decodingAllocatesNothing(String policy, String model, String kvType) throws Exception {
        assertThat(probe(policy, MODELS.resolve(model + ".gguf").toString(), kvType))
                .contains("bytes allocated by 300 tokens: 0");
    }

    private static String probe(String policy, String model, String kvType) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Jdk jdk = Jdk.at(Path.of(System.getProperty("java.home"))).orElseThrow();
        List<String> line = new ArrayList<>(List.of(jdk.java().toString()));
        line.addAll(JavaCommand.jvmOptions(Optional.empty(), List.of(), List.of()));
        line.addAll(List.of("-cp", classPath, AllocationProbe.class.getName(), policy, model, kvType));
        Process probe = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(probe.waitFor()).as(output).isZero();
        return output;
    }
}
