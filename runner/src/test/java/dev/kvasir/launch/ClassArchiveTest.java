package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ClassArchiveTest {
    private static final Jdk JDK = new Jdk(Path.of("/opt/jdk"), 25, "25.0.1", true);
    private static final List<String> RUN = List.of("-p", "x");

    @TempDir
    private Path folder;
    private Path jar;

    @BeforeEach
    void makeJar() throws Exception {
        jar = Files.writeString(folder.resolve("runner.jar"), "a jar");
    }

    @Test
    void theFirstRunThatEndsWellLeavesTheArchiveThatTheNextOneUses() throws Exception {
        ClassArchive first = archive(JDK, List.of(), RUN).orElseThrow();
        Path part = first.part().orElseThrow();
        assertThat(first.options()).contains("-XX:ArchiveClassesAtExit=" + part);
        Files.writeString(part, "classes");
        first.keep(0);
        assertThat(first.file()).hasContent("classes");

        ClassArchive second = archive(JDK, List.of(), RUN).orElseThrow();
        assertThat(second.options()).contains("-XX:SharedArchiveFile=" + first.file());
        second.keep(0);
        assertThat(first.file()).hasContent("classes");
    }

    @Test
    void aRunThatFailsLeavesNothing() throws Exception {
        ClassArchive archive = archive(JDK, List.of(), RUN).orElseThrow();
        Files.writeString(archive.part().orElseThrow(), "few classes");
        archive.keep(1);
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void noneIsWrittenBesideAnAgent() {
        for (String agent : List.of("-agentlib:jdwp=server=y", "-agentpath:/lib/libasyncProfiler.so=start",
                "-javaagent:a.jar")) {
            assertThat(archive(JDK, List.of(agent), RUN)).isEmpty();
        }
    }

    @Test
    void commandsThatLoadNoModelWriteNone() {
        for (List<String> args : List.of(List.<String>of(), List.of("--version"), List.of("run", "--help"),
                List.of("info"))) {
            assertThat(archive(JDK, List.of(), args).orElseThrow().options()).as(args.toString()).isEmpty();
        }
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void anotherJarOrJdkHasAnotherArchive() throws Exception {
        Path one = archive(JDK, List.of(), RUN).orElseThrow().file();
        assertThat(archive(new Jdk(JDK.home(), 25, "25.0.2", true), List.of(), RUN).orElseThrow().file())
                .isNotEqualTo(one);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
        assertThat(archive(JDK, List.of(), RUN).orElseThrow().file()).isNotEqualTo(one);
    }

    @Test
    void theUsersOwnChoiceAndAFolderThatCannotBeMadeMeanNone() throws Exception {
        assertThat(archive(JDK, List.of("-Xshare:off"), RUN)).isEmpty();
        assertThat(archive(JDK, List.of("-XX:AOTCache=x"), RUN)).isEmpty();
        Files.writeString(folder.resolve("cache"), "no folder");
        assertThat(archive(JDK, List.of(), RUN)).isEmpty();
        assertThat(ClassArchive.of(JDK, jar.toString(), Optional.empty(), List.of(), RUN)).isEmpty();
    }

    private Optional<ClassArchive> archive(Jdk jdk, List<String> options, List<String> args) {
        return ClassArchive.of(jdk, jar.toString(), Optional.of(folder.resolve("cache")), options, args);
    }
}
