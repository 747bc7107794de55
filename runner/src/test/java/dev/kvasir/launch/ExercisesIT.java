package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the exercises with the finished jar, as docs/exercises.md says: as they are given, and solved. */
@Timeout(180)
class ExercisesIT {
    private static final Path EXERCISES = Path.of("..", "exercises");
    private static final Pattern YOUR_CODE = Pattern.compile(" *// your code begins\n.*?// your code ends\n",
            Pattern.DOTALL);

    @TempDir
    private Path folder;

    private FinishedJar.Outcome script(Path file) throws Exception {
        return new FinishedJar(folder).script(FinishedJar.ownJava(), file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | kernel Exercise1.count at Exercise1.java:30 reads counts[6], which work-item (4, 0, 0) of group (0, 0, 0) has written
            2 | kernel Exercise2.sum at Exercise2.java:35 reads tile[32] of local memory, which its group has not written
            3 | load tile at Exercise3.java:41 has 63488 conflicts in 2048 requests, and it should have none.
            4 | 750 of 1200 questions are answered.
            5 | on 2000 of 2000 pages the bound is below the largest q.k, on one by 108.9.
            6 | for large scores (5, merged after 0) the value is NaN; it should be 0.17186.
            """)
    void asGivenItSaysWhatIsWrong(int number, String what) throws Exception {
        FinishedJar.Outcome outcome = script(EXERCISES.resolve("Exercise" + number + ".java"));

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
        assertThat(outcome.out()).contains("Exercise " + number + " is not solved: " + what);
        assertThat(outcome.sentences()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void theSolutionPassesTheCheck(int number) throws Exception {
        FinishedJar.Outcome outcome = script(EXERCISES.resolve("solutions/Exercise" + number + ".java"));

        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out()).contains("Exercise " + number + " is solved: ");
        assertThat(outcome.sentences()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void theSolutionChangesOnlyTheMarkedLines(int number) throws Exception {
        String file = "Exercise" + number + ".java";
        String given = Files.readString(EXERCISES.resolve(file));
        String solved = Files.readString(EXERCISES.resolve("solutions").resolve(file));

        assertThat(YOUR_CODE.matcher(solved).replaceFirst("")).isEqualTo(YOUR_CODE.matcher(given).replaceFirst(""));
        assertThat(solved).isNotEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Scale", "Race", "Transpose"})
    void theSimulatorsPageShowsItsExamplesAndWhatTheyPrint(String name) throws Exception {
        Path simulator = Path.of("..", "tornado-sim");
        Path example = simulator.resolve("examples/" + name + ".java");
        String page = Files.readString(simulator.resolve("README.md"));

        FinishedJar.Outcome outcome = script(example);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(page).contains("```java\n" + Files.readString(example) + "```",
                "java -cp runner/target/runner.jar tornado-sim/examples/" + name + ".java");
        assertThat(oneLine(page)).contains("``` " + oneLine(outcome.out()) + " ```");
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
