package dev.kvasir.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Kvasir in a JVM that was started without the options that the vector engine needs. */
class PlainJvmTest {
    private static final String SENTENCE = "java.lang.IllegalStateException: this JVM was started without %s, which the"
            + " vector engine needs: start Java with --add-modules jdk.incubator.vector"
            + " --enable-native-access=ALL-UNNAMED, or with @kvasir.args, the file beside runner.jar";

    @Test
    void withoutTheModuleEveryWayInNamesTheOptionsOfJava() throws Exception {
        assertThat(run()).isEqualTo(said("the module jdk.incubator.vector"));
    }

    @Test
    void whereNativeAccessIsDeniedEveryWayInNamesTheOptionsOfJava() throws Exception {
        assertThat(run("--add-modules=jdk.incubator.vector", "--illegal-native-access=deny"))
                .isEqualTo(said("native access"));
    }

    @Test
    void theModuleAloneIsEnough() throws Exception {
        assertThat(run("--add-modules=jdk.incubator.vector")).containsOnly("open");
    }

    /** The vector engine three times, and the reference engine, which needs nothing. */
    private static List<String> said(String missing) {
        List<String> lines = new ArrayList<>(Collections.nCopies(3, SENTENCE.formatted(missing)));
        lines.add("open");
        return lines;
    }

    private static List<String> run(String... options) throws Exception {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(List.of(options));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), PlainJvm.class.getName(),
                Oracle.gguf("stories260K").toString()));
        Process process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
