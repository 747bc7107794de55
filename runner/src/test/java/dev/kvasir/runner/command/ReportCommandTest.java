package dev.kvasir.runner.command;

import dev.kvasir.runner.command.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ReportCommandTest {
    @TempDir
    private Path folder;

    private Outcome measure(Path output, String kv, String seed) {
        return new Cli().run("experiment", "passkey", "--length", "320", "--depths", "2", "--budget", "128", "--kv", kv,
                "--seed", seed, "-o", output.toString());
    }

    private static Outcome report(Path... words) {
        List<String> line = new ArrayList<>(List.of("report"));
        for (Path word : words) {
            line.add(word.toString());
        }
        return new Cli().run(line.toArray(String[]::new));
    }

    @Test
    void aReportIsWrittenAgainFromTheResultsAsItWas() throws IOException {
        Outcome measured = measure(folder, "full,streaming-llm", "1");
        String page = Files.readString(folder.resolve("report.html"));
        Files.delete(folder.resolve("report.html"));
        Files.delete(folder.resolve("results.csv"));

        Outcome again = report(folder);

        assertThat(again.code()).isZero();
        assertThat(again.out()).isEqualTo(measured.out());
        assertThat(again.err()).isEqualTo(measured.err());
        assertThat(folder.resolve("report.html")).hasContent(page);
        assertThat(folder.resolve("results.csv")).isNotEmptyFile();
    }

    @Test
    void whatWasNotComeToIsCounted() throws IOException {
        measure(folder, "full,streaming-llm", "1");
        Path results = folder.resolve("results.jsonl");
        List<String> lines = Files.readAllLines(results);
        Files.writeString(results, lines.get(0) + "\n" + lines.get(1).substring(0, 30));

        Outcome again = report(folder);

        assertThat(again.code()).isZero();
        assertThat(again.err()).contains(
                "3 cells were not come to: continue with `kvasir experiment passkey --resume -o " + folder,
                "1 result is in");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("The run was ended with 3 cells to go.");
        assertThat(Files.readString(results)).as("results are left as they are")
                .endsWith(lines.get(1).substring(0, 30));
    }

    @Test
    void runsThatDifferInTheirGridsBecomeOneReport() {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Path both = folder.resolve("both");
        measure(one, "full", "1");
        measure(two, "full,streaming-llm", "1");

        Outcome joined = report(one, two, Path.of("-o"), both);

        assertThat(joined.code()).isZero();
        assertThat(joined.err()).as("what both measured counts once").contains("4 results are in");
        assertThat(joined.out()).contains("| full ", "| streaming-llm ");
        assertThat(both.resolve("report.html")).content().contains("--kv full -", "--kv full,streaming-llm");
    }

    @Test
    void runsOfOtherStatesAreNotMixed() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        measure(one, "full", "1");
        measure(two, "streaming-llm", "1");
        Path run = two.resolve("run.json");
        Files.writeString(run,
                Files.readString(run).replaceFirst("\"cpu_info\" : \"[^\"]*\"", "\"cpu_info\" : \"Z80\""));

        Outcome mixed = report(one, two, Path.of("-o"), folder.resolve("both"));

        assertThat(mixed.code()).isEqualTo(1);
        assertThat(mixed.err()).contains("they come from different states: its cpu_info is '", "this one's 'Z80'");
    }

    @Test
    void whatIsMissingInAJoinedReportIsToBeMeasuredInItsOwnFolder() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Path both = folder.resolve("both");
        measure(one, "full", "1");
        measure(two, "streaming-llm", "1");
        Path results = two.resolve("results.jsonl");
        Files.writeString(results, Files.readAllLines(results).getFirst() + "\n");

        assertThat(report(one, two, Path.of("-o"), both).err()).doesNotContain("the same again")
                .contains("--resume -o " + two, "then write this report again");
    }

    @Test
    void runsOfOtherTextsAreNotMixed() {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        measure(one, "full", "1");
        measure(two, "streaming-llm", "2");

        assertThat(report(one, two).code()).isEqualTo(2);
        assertThat(report(one, two).err()).contains("2 folders become one report: name a folder for it with -o");
        Outcome mixed = report(one, two, Path.of("-o"), folder.resolve("both"));
        assertThat(mixed.code()).isEqualTo(1);
        assertThat(mixed.err()).contains("cannot share a report: its seed is '1', this one's '2'");
        assertThat(folder.resolve("both")).doesNotExist();
    }

    @Test
    void foldersWithoutARunAreNamed() throws IOException {
        assertThat(report(folder).err()).contains("holds no results.jsonl: name the folder that an experiment");
        Files.writeString(folder.resolve("results.jsonl"), "");
        assertThat(report(folder).err()).contains("holds results, but no run.json");
        Files.writeString(folder.resolve("run.json"),
                "{\"settings\":{\"experiment\":\"alchemy\"},\"circumstances\":{}}");
        Outcome unknown = report(folder);
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("an experiment 'alchemy', which this version does not have");
    }

    @Test
    void aReportThatCannotBeWrittenLosesNoResult() throws IOException {
        Files.writeString(folder.resolve("plots"), "a file where a folder is needed");

        Outcome measured = measure(folder, "full", "1");
        Outcome again = report(folder);
        Outcome elsewhere = report(folder, Path.of("-o"), folder.resolve("elsewhere"));

        assertThat(measured.code()).isEqualTo(1);
        assertThat(measured.out()).contains("| full ");
        assertThat(measured.err()).contains("the report cannot be written in " + folder,
                "all 2 results are kept in results.jsonl", "`kvasir report " + folder + " -o DIR`");
        assertThat(again.err()).isEqualTo(measured.err());
        assertThat(elsewhere.code()).isZero();
        assertThat(folder.resolve("elsewhere").resolve("report.html")).isNotEmptyFile();
    }
}
