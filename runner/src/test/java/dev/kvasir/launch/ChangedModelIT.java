package dev.kvasir.launch;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A model's file that is cut, overwritten, replaced or deleted while the finished jar has it open. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class ChangedModelIT {
    @TempDir
    private Path folder;

    private interface Change {
        void of(Path model) throws Exception;
    }

    /** Talks with a copy of the model, changes it after the first answer, and says another line. */
    private FinishedJar.Outcome chat(Change change) throws Exception {
        Path model = Files.copy(FinishedJar.STORIES, folder.resolve("model.gguf"));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new FinishedJar(folder).start(FinishedJar.ownJava(), Map.of(), "chat", "-q", "-m",
                model.toString(), "-n", "8")
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream lines = process.getOutputStream()) {
            lines.write("Once\n".getBytes(StandardCharsets.UTF_8));
            lines.flush();
            while (process.isAlive() && !Files.readString(out).endsWith("\n")) {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
            change.of(model);
            lines.write("upon\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        try (var files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).doesNotContain("core")
                    .noneMatch(name -> name.startsWith("hs_err"));
        }
        return new FinishedJar.Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static void write(Path model, byte[] bytes) throws Exception {
        try (var file = Files.newOutputStream(model)) {
            file.write(bytes);
        }
    }

    @Test
    void aFileThatIsCutEndsTheProgramWithASentence() throws Exception {
        long bytes = Files.size(FinishedJar.STORIES);
        FinishedJar.Outcome outcome = chat(model -> write(model, new byte[4096]));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.sentences()).singleElement()
                .asString()
                .contains("model.gguf has changed", "%d bytes and now has 4096".formatted(bytes));
        assertThat(outcome.out()).doesNotContain("#");
    }

    @Test
    void aFileThatIsOverwrittenEndsTheProgramWithASentence() throws Exception {
        FinishedJar.Outcome outcome = chat(model -> write(model, new byte[(int) Files.size(model)]));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.sentences()).singleElement().asString().contains("model.gguf has been written to");
    }

    @Test
    void aFileThatIsReplacedOrDeletedStaysAsItWas() throws Exception {
        FinishedJar.Outcome outcome = chat(Files::delete);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.sentences()).isEmpty();
        assertThat(outcome.out().lines()).hasSizeGreaterThan(1);
    }
}
