import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Times Kvasir beside llama.cpp on the same files and cores, turn by turn, and prints the medians as a table.
 *
 * <pre>
 * LLAMA_BENCH=llama-bench java benchmarks/peers/Peers.java [--rounds N] [--long] [--models DIR]
 * </pre>
 *
 * Starts on any Java from 17, in the root of the project once that is built. {@code LLAMA_BENCH} is the command that
 * starts {@code llama-bench}; without it Kvasir is timed alone. {@code --long} adds the rows at 4,096 and 16,384 tokens of
 * context, for which llama.cpp has to read a real prompt: minutes each.
 */
public class Peers {
    private Peers() {}

    private static final String THREADS = "2";
    private static final Pattern SPEED = Pattern.compile("\"avg_ts\"\\s*:\\s*([0-9.eE+-]+)");

    /** What is measured, and with which arguments of either program. */
    private record Row(String what, String model, List<String> kvasir, List<String> llama, double target) {}

    public static void main(String[] args) throws Exception {
        int rounds = 5;
        boolean isLong = false;
        Path models = Path.of("benchmarks/target/peers");
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--long" -> isLong = true;
                case "--models" -> models = Path.of(args[++i]);
                default -> fail("there is no option " + args[i] + "; there are --rounds N, --long and --models DIR");
            }
        }
        Path runner = Path.of("runner/target/runner.jar");
        if (!Files.exists(runner)) {
            fail("there is no " + runner + ": start this in the root of the project, after ./mvnw package");
        }
        Files.createDirectories(models);
        String peer = System.getenv("LLAMA_BENCH");
        if (peer == null || peer.isBlank()) {
            System.err.println("LLAMA_BENCH is not set: llama.cpp is left out; set it to the command that starts llama-bench");
        }

        List<String> pin = has("taskset") ? List.of("taskset", "-c", "0,1") : List.of();
        List<String> kvasir = join(pin, List.of("java", "-jar", runner.toString(), "bench", "-t", THREADS, "-r", "2", "-o",
                "jsonl"));
        List<String> llama = peer == null || peer.isBlank()
                ? List.of()
                : join(pin, Arrays.asList(peer.trim().split("\\s+")), List.of("-t", THREADS, "-r", "2", "-o", "jsonl"));

        System.out.println("| what | Kvasir | llama.cpp | ratio | aim |\n|---|---|---|---|---|");
        for (Row row : rows(isLong)) {
            Path model = models.resolve(row.model() + ".gguf");
            if (!Files.exists(model)) {
                run(join(List.of("java", "-jar", runner.toString(), "random-model", model.toString()), shape(row.model())));
            }
            List<String> file = List.of("-m", model.toAbsolutePath().toString());
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                speed(join(kvasir, file, row.kvasir())).ifPresent(ours::add);
                if (!llama.isEmpty() && !row.llama().isEmpty()) {
                    speed(join(llama, file, row.llama())).ifPresent(theirs::add);
                }
            }
            print(row, ours, theirs);
        }
    }

    private static List<Row> rows(boolean isLong) {
        List<String> decode = List.of("-p", "0", "-n", "48");
        List<String> prompt = List.of("-p", "512", "-n", "0");
        List<Row> rows = new ArrayList<>(List.of(
                new Row("decode Q8_0", "1b-q8_0", decode, decode, 1.0),
                new Row("decode Q4_0", "1b-q4_0", decode, decode, 0.95),
                new Row("decode F16", "1b-f16", decode, decode, 0.85),
                new Row("512 tokens of prompt, Q8_0", "1b-q8_0", prompt, prompt, 1.5),
                new Row("512 tokens of prompt, Q4_0", "1b-q4_0", prompt, prompt, 0.7)));
        if (isLong) {
            for (String depth : List.of("4096", "16384")) {
                List<String> at = List.of("-p", "0", "-n", "32", "-d", depth);
                rows.add(new Row("decode Q8_0 at " + depth + " tokens", "1b-q8_0",
                        join(at, List.of("--fill", "random")), at, 2.5));
            }
        }
        return rows;
    }

    private static List<String> shape(String model) {
        return List.of("--type", model.substring(model.indexOf('-') + 1));
    }

    private static void print(Row row, List<Double> ours, List<Double> theirs) {
        String ratio = ours.isEmpty() || theirs.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.2f", median(ours) / median(theirs));
        System.out.printf(Locale.ROOT, "| %s | %s | %s | %s | %.2f |%n", row.what(), tokens(ours), tokens(theirs), ratio,
                row.target());
    }

    private static String tokens(List<Double> speeds) {
        return speeds.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f tokens/s", median(speeds));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static OptionalDouble speed(List<String> command) throws IOException, InterruptedException {
        var found = SPEED.matcher(run(command));
        if (!found.find()) {
            System.err.println("no figure from: " + String.join(" ", command));
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(found.group(1)));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes());
        int code = process.waitFor();
        if (code != 0) {
            System.err.println("exit code " + code + " of: " + String.join(" ", command));
        }
        return out;
    }

    private static boolean has(String program) {
        try {
            return new ProcessBuilder(program, "--version").redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SafeVarargs
    private static List<String> join(List<String>... parts) {
        List<String> whole = new ArrayList<>();
        for (List<String> part : parts) {
            whole.addAll(part);
        }
        return whole;
    }

    private static void fail(String sentence) {
        System.err.println(sentence);
        System.exit(2);
    }
}
