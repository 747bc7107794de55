package dev.kvasir.runner.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.runner.command.Cli.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewCommandTest {
    private static final String STORIES = Cli.STORIES.toString();
    private static final Pattern PRINTED = Pattern
            .compile("(\\d+) filled, (\\d+) backed up, (\\d+) evicted, (\\d+) recalled");

    private Path runs;
    private Path trace;
    private List<String> lines;
    private String figures;

    @BeforeAll
    void tracesARun(@TempDir Path folder) throws IOException {
        runs = folder;
        trace = folder.resolve("trace.jsonl");
        figures = traced(trace, "--kv", "arkvale", "--page-size", "8", "--sink", "1", "--window", "2");
        lines = Files.readAllLines(trace);
    }

    private static String traced(Path file, String... options) {
        var words = new ArrayList<>(List.of("run", "-m", STORIES, "-p", "Once </script> upon a time", "-n",
                "200", "--temperature", "0", "--budget", "128", "--dense-layers", "1", "--trace", file.toString()));
        words.addAll(List.of(options));
        Outcome outcome = new Cli().run(words.toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.err();
    }

    private Path file(String name, String... text) throws IOException {
        return Files.writeString(runs.resolve(name), text.length == 0 ? "" : String.join("\n", text) + "\n");
    }

    private static Outcome view(Path file, String... options) {
        var words = new ArrayList<>(List.of("view", file.toString()));
        words.addAll(List.of(options));
        return new Cli().run(words.toArray(String[]::new));
    }

    private static JsonNode data(Path page) throws IOException {
        String html = Files.readString(page);
        String start = "<script type=\"application/json\" id=\"runs\">";
        int from = html.indexOf(start) + start.length();
        return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    }

    /** The last row of the table of numbers: filled, backed up, evicted, recalled. */
    private static List<String> totals(Path page) throws IOException {
        Matcher row = Pattern.compile(">all</th>(.*?)</tr>").matcher(Files.readString(page));
        assertThat(row.find()).isTrue();
        return Arrays.asList(row.group(1).replaceAll("<[^>]*>", " ").strip().split("\\s+")).subList(0, 4);
    }

    private static List<String> printed(String figures) {
        Matcher numbers = PRINTED.matcher(figures);
        assertThat(numbers.find()).as(figures).isTrue();
        return List.of(numbers.group(1), numbers.group(2), numbers.group(3), numbers.group(4));
    }

    @Test
    void thePageHasAsManyEventsAsTheRunPrinted() throws IOException {
        Path page = runs.resolve("counted.html");
        Outcome outcome = view(trace, "-o", page.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(printed(figures).get(2)).as("evictions of the run").isNotEqualTo("0");
        assertThat(totals(page)).isEqualTo(printed(figures));
        long events = lines.stream().filter(line -> line.startsWith("{\"step\"")).count();
        assertThat(outcome.err()).startsWith("%s shows %d events in 199 steps".formatted(page, events));
    }

    @Test
    void thePageHasTheTextOfTheRun() throws IOException {
        Path page = runs.resolve("text.html");
        view(trace, "-o", page.toString());
        JsonNode run = data(page).get(0);

        var text = new StringBuilder();
        run.get("texts").forEach(token -> text.append(token.asText()));
        assertThat(text).startsWith("<s> Once </script> upon a time");
        assertThat(run.get("texts")).hasSize(run.get("promptTokens").asInt() + 200);
        assertThat(run.get("pages").asInt()).isEqualTo(Math.ceilDiv(run.get("promptTokens").asInt() + 199, 8));
    }

    @Test
    void tokensOfAPolicyOfTokensAreShownByKvHead() throws IOException {
        Path tokens = runs.resolve("tokens.jsonl");
        String told = traced(tokens, "--kv", "h2o");
        assertThat(view(tokens).code()).isZero();

        Path page = runs.resolve("tokens.html");
        assertThat(totals(page)).isEqualTo(printed(told));
        JsonNode run = data(page).get(0);
        assertThat(run.get("unit").asText()).isEqualTo("token");
        assertThat(run.get("groups")).hasSize(4);
        assertThat(run.get("streams")).as("5 layers of 4 KV heads").hasSize(20);
    }

    @Test
    void aTraceOfTwoRunsShowsBoth() throws IOException {
        Path both = runs.resolve("both.jsonl");
        Files.write(both, Stream.concat(lines.stream(), lines.stream()).toList());

        assertThat(view(both).code()).isZero();
        assertThat(data(runs.resolve("both.html"))).hasSize(2);
    }

    @Test
    void aCompressedTraceIsTheSame() throws IOException {
        Path packed = runs.resolve("packed.jsonl.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(trace, out);
        }

        assertThat(view(packed).code()).isZero();
        assertThat(totals(runs.resolve("packed.html"))).isEqualTo(printed(figures));
    }

    @Test
    void aTraceThatEndsWithinALineShowsTheLinesBefore() throws IOException {
        byte[] all = Files.readAllBytes(trace);
        Path cut = runs.resolve("cut.jsonl");
        Files.write(cut, Arrays.copyOf(all, all.length - 40));
        Outcome outcome = view(cut);

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).startsWith("%s ends within a line: %s shows the %d lines before it".formatted(cut,
                runs.resolve("cut.html"), lines.size() - 1));
    }

    @Test
    void aCompressedTraceThatIsCutShowsItsBeginning() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            Files.copy(trace, out);
        }
        Path cut = runs.resolve("cut-packed.jsonl.gz");
        Files.write(cut, Arrays.copyOf(packed.toByteArray(), packed.size() - 500));

        Outcome outcome = view(cut);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("ends within a line");
    }

    @Test
    void anExistingPageIsReplacedOnlyWithForce() throws IOException {
        Path page = file("mine.html", "mine");

        Outcome refused = view(trace, "-o", page.toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).isEqualToIgnoringNewLines(
                "%s exists: name another file, or replace it with --force".formatted(page));
        assertThat(Files.readString(page)).isEqualTo("mine\n");

        assertThat(view(trace, "-o", page.toString(), "--force").code()).isZero();
        assertThat(Files.readString(page)).startsWith("<!doctype html>");
    }

    @Test
    void theTraceIsNotReplacedByItsPage() throws IOException {
        Outcome outcome = view(trace, "-o", trace.toString(), "--force");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("is the trace itself: name another file with -o");
        assertThat(Files.readAllLines(trace)).isEqualTo(lines);
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        Path folder = runs.resolve("no/such");
        Outcome outcome = view(trace, "-o", folder.resolve("page.html").toString());

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEqualToIgnoringNewLines(
                "there is no folder %s: make it, or name another file with -o".formatted(folder));
    }

    private static Arguments bad(String sentence, String... lines) {
        return arguments(sentence, List.of(lines));
    }

    private Stream<Arguments> badTraces() {
        String header = lines.get(0);
        String event = "{\"step\":1,\"layer\":1,\"sequence\":0,\"group\":0,\"page\":2,\"event\":\"filled\",\"state\":\"full\",\"importance\":null,\"bytes\":1}";
        return Stream.of(bad("FILE is empty: write a trace with `kvasir run --trace FILE`"),
                bad("FILE is no trace: name a file that `kvasir run --trace FILE.jsonl` wrote", "hello"),
                bad("FILE is no trace: name a file", "GGUF\u0000\u0003\ufffd"), bad("FILE is no trace", "[1, 2]"),
                bad("FILE is no trace", "17"), bad("FILE is no trace", "{\"cell\":{},\"values\":{}}"),
                bad("FILE has no header, so an older Kvasir wrote it: write it again with --trace", event),
                bad("FILE has format version 2, and this Kvasir reads 1: use the Kvasir",
                        header.replace("\"format_version\":1", "\"format_version\":2")),
                bad("FILE has a header and no event of a page", header),
                bad("FILE is damaged: line 2 is no JSON", header, "{\"step\":1,", event),
                bad("FILE is damaged: in line 2 page is 900000, not a number from 0 to", header,
                        event.replace("\"page\":2", "\"page\":900000")),
                bad("FILE is damaged: in line 2 layer is 5, not a number from 0 to 4", header,
                        event.replace("\"layer\":1", "\"layer\":5")),
                bad("FILE is damaged: in line 2 group is missing", header, event.replace("\"group\":0,", "")),
                bad("FILE is damaged: in line 2 event is \"eaten\", none of filled, backed-up", header,
                        event.replace("\"filled\"", "\"eaten\"")),
                bad("FILE is damaged: in line 3 step 1 comes after step 4", header,
                        event.replace("\"step\":1", "\"step\":4"), event),
                bad("FILE is damaged: in line 1 layers is missing", header.replaceFirst("\"layers\":5,", ""), event));
    }

    @ParameterizedTest
    @MethodSource("badTraces")
    void aFileThatIsNoWholeTraceIsASentence(String sentence, List<String> text) throws IOException {
        Path file = file("bad.jsonl", text.toArray(String[]::new));
        Outcome outcome = view(file);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith(sentence.replaceFirst("FILE", file.toString())
                .replace("--trace FILE`", "--trace %s`".formatted(file)));
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(runs.resolve("bad.html")).doesNotExist();
    }

    @Test
    void missingFilesFoldersAndDamagedArchivesAreSentences() throws IOException {
        Path missing = runs.resolve("missing.jsonl");
        assertThat(view(missing).err()).isEqualToIgnoringNewLines("there is no file " + missing);
        assertThat(view(runs).err()).isEqualToIgnoringNewLines(runs + " is a folder: name a trace in it");
        Path archive = runs.resolve("broken.gz");
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            Files.copy(trace, out);
        }
        byte[] bytes = packed.toByteArray();
        bytes[bytes.length - 8] ^= 1; // the checksum
        Files.write(archive, bytes);
        assertThat(view(archive).err()).startsWith(archive + " cannot be unpacked (");
        assertThat(new Cli().run("view").code()).isEqualTo(2);
    }

    @Test
    void bytesThatAreNoTextAreNoTrace() {
        Outcome outcome = view(Cli.STORIES, "-o", runs.resolve("model.html").toString());

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith(STORIES + " is no trace");
        assertThat(outcome.err().getBytes(StandardCharsets.UTF_8).length).isLessThan(300);
    }
}
