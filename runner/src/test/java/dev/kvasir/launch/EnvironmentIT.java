package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the finished jar in environments that its users have: locales, options of the JVM, homes, pipes. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class EnvironmentIT {
    private static final String TEXT = "$(printf 'n\\303\\251 \\360\\237\\230\\200 \\344\\270\\255')"; // a letter, a face and a Chinese sign
    private static final String IDS = "1 297 485 410 243 162 155 131 410 231 187 176\n";

    @TempDir
    private Path folder;

    static Stream<Path> javas() {
        return FinishedJar.javas();
    }

    private FinishedJar.Outcome shell(Path java, String script) throws Exception {
        return new FinishedJar(folder).shell(java, Map.of("S", FinishedJar.STORIES.toString(), "D", folder.toString()),
                script);
    }

    private FinishedJar.Outcome shell(String script) throws Exception {
        return shell(FinishedJar.ownJava(), script);
    }

    @ParameterizedTest
    @MethodSource("javas")
    void textIsWholeInEveryLocale(Path java) throws Exception {
        for (String locale : new String[]{"LC_ALL=C", "LC_ALL=POSIX", "-u LC_ALL -u LC_CTYPE -u LANG", "LC_ALL=C.UTF-8",
            "LC_ALL=en_US.ISO-8859-1"}) {
            FinishedJar.Outcome outcome = shell(java,
                    "env " + locale + " $K tokenize -m \"$S\" --ids \"" + TEXT + "\"");

            assertThat(outcome.out()).as(locale + outcome.err()).isEqualTo(IDS);
        }
    }

    @ParameterizedTest
    @MethodSource("javas")
    void filesAreFoundAndWrittenUnderTheirNamesInEveryLocale(Path java) throws Exception {
        FinishedJar.Outcome outcome = shell(java, """
                N=$(printf '\303\266\360\237\230\200')
                cp "$S" "$D/$N.gguf"; cd "$D"; export LC_ALL=C
                $K quantize -q "$N.gguf" "$D/$N-f16.gguf" --type f16; echo "Once" > "$N.txt"
                $K run -q -m "$N-f16.gguf" -f "$N.txt" -n 0 --trace "$N.jsonl" --jfr "$N.jfr"; echo $?
                ls "$N.jsonl" "$N.jfr" "$N-f16.gguf" | wc -l
                """);

        assertThat(outcome.out()).as(outcome.err()).isEqualTo("0\n3\n");
    }

    @Test
    void bytesThatAreNotUtf8AreWrongUsage() throws Exception {
        for (String locale : new String[]{"C", "C.UTF-8"}) {
            FinishedJar.Outcome outcome = shell("LC_ALL=" + locale + " $K tokenize \"$(printf 'n\\351')\"");

            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.sentences()).singleElement().asString().startsWith("argument 2 (n").contains("UTF-8");
        }
    }

    @ParameterizedTest
    @CsvSource({"JAVA_TOOL_OPTIONS, G1", "JAVA_TOOL_OPTIONS, Serial", "JDK_JAVA_OPTIONS, Parallel",
        "KVASIR_JAVA_OPTS, Z"})
    void theProgramRunsUnderTheUsersCollector(String variable, String collector) throws Exception {
        FinishedJar.Outcome outcome = new FinishedJar(folder).run(FinishedJar.ownJava(),
                Map.of(variable, "-XX:+Use" + collector + "GC -Xmx300m '-Da=b c'"), "tokenize", "--ids", "the king");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.sentences()).isEmpty();
    }

    @Test
    void anArgumentFileMayNameTheCollector() throws Exception {
        Path file = Files.writeString(folder.resolve("arguments"), "-XX:+UseG1GC");
        FinishedJar.Outcome outcome = new FinishedJar(folder).run(FinishedJar.ownJava(),
                Map.of("JDK_JAVA_OPTIONS", "@" + file), "tokenize", "--ids", "the king");

        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOME=/no/such/home", "HOME=home", "HOME=/", "HOME=/ XDG_CACHE_HOME=cache"})
    void withoutAHomeNothingIsLeft(String home) throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        FinishedJar.Outcome outcome = shell(
                "cd \"$D/empty\"; env -u KVASIR_CACHE_DIR " + home + " $K run -q -p hi -n 1");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.sentences()).isEmpty();
        try (Stream<Path> files = Files.list(empty)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run -q -m $S -p Once -n 400", "policies", "info -m $S --json", "tokenize -m $S hello",
        "--help",
        "bench -q -m $S -p 8 -n 8 -r 1 --no-warmup"})
    void aReaderThatHasEnoughEndsTheProgramQuietly(String command) throws Exception {
        FinishedJar.Outcome outcome = shell("{ $K " + command + "; echo code $? >&2; } | true");

        assertThat(outcome.sentences()).containsExactly("code 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {">/dev/full", ">&-"})
    void anAnswerThatCannotBeWrittenIsAFailure(String target) throws Exception {
        FinishedJar.Outcome outcome = shell("$K run -q -m \"$S\" -p Once -n 4 " + target);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.sentences()).singleElement().asString().contains("could not be written to standard output");
    }

    @ParameterizedTest
    @ValueSource(strings = {"de-DE", "tr-TR", "hi-IN-u-nu-deva", "ar-EG-u-nu-arab"})
    void figuresAreTheSameInEveryLanguage(String language) throws Exception {
        String[] parts = language.split("-", 3);
        String options = "-Duser.language=" + parts[0] + " -Duser.country=" + parts[1]
                + (parts.length > 2 ? " -Duser.extensions=" + parts[2] : "");
        FinishedJar.Outcome outcome = new FinishedJar(folder).run(FinishedJar.ownJava(),
                Map.of("KVASIR_JAVA_OPTS", options), "bench", "-m", FinishedJar.STORIES.toString(), "-p", "8", "-n",
                "8",
                "-r", "1", "--no-warmup", "-o", "jsonl");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).containsPattern("\"avg_ts\": ?\\d+\\.?\\d*")
                .doesNotContainPattern("\\d,\\d|[^\\x00-\\x7f]");
    }
}
