package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The example of docs/embed.md: it is the file in examples, and prints what the page says. */
class EmbedIT {
    private static final Path PAGE = Path.of("../docs/embed.md");
    private static final Path EXAMPLE = Path.of("../examples/Embed.java");
    private static final Path ARGUMENTS = FinishedJar.JAR.resolveSibling("kvasir.args");

    @TempDir
    private Path folder;

    @Test
    void thePageShowsTheExample() throws Exception {
        assertThat(Files.readString(PAGE)).contains("```java\n" + Files.readString(EXAMPLE) + "```\n");
    }

    @Test
    void theExamplePrintsWhatThePageSays() throws Exception {
        FinishedJar.Outcome outcome = run("@" + ARGUMENTS);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.sentences()).isEmpty();
        assertThat(Files.readString(PAGE)).contains("It prints\n\n```\n" + outcome.out() + "```\n");
    }

    @Test
    void withoutTheArgumentFileTheExampleNamesIt() throws Exception {
        FinishedJar.Outcome outcome = run("-Dsome=thing");

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.err()).contains("started without the module jdk.incubator.vector", "@kvasir.args");
    }

    @Test
    void theArgumentFileBesideTheJarIsThatOfTheSources() throws Exception {
        assertThat(ARGUMENTS).hasSameTextualContentAs(Path.of("kvasir.args"));
    }

    private FinishedJar.Outcome run(String option) throws Exception {
        return new FinishedJar(folder).java(List.of(option, "-cp", FinishedJar.JAR.toString(), EXAMPLE.toString()));
    }
}
