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
 * Times Kvasir beside llama.cpp and llama3.java on the same files and cores, turn by turn, and prints the medians as a
 * table.
 *
 * <pre>
 * LLAMA_BENCH=llama-bench LLAMA3_JAVA="java … com.llama4j.Llama3" java benchmarks/peers/Peers.java
 *     [--rounds N] [--long] [--only REGEX] [--models DIR]
 * </pre>
 *
 * Starts on any Java from 17, in the root of the project once that is built. {@code LLAMA_BENCH} is the command that
 * starts {@code llama-bench}, {@code LLAMA3_JAVA} the one that starts llama3.java, {@code LLAMA_QUANTIZE} the one that
 * starts {@code llama-quantize}, which makes the models in K-quants, {@code LLAMA_COMPLETION} the one that starts
 * {@code llama-completion}. What is missing is left out, with a sentence.
 * {@code --long} takes the rows at long context, for which llama.cpp has to read a real prompt: up to a quarter of an hour
 * each, so it does so once. At 32,768 tokens it would take an hour, and a model of one layer reads them in its place.
 */
public class Peers {
    private Peers() {}

    private static final String THREADS = "2";
    private static final Path RUNNER = Path.of("runner/target/runner.jar");
    private static final Pattern SPEED = Pattern.compile("\"avg_ts\"\\s*:\\s*([0-9.eE+-]+)");
    private static final Pattern SHARE = Pattern.compile("\"read_bandwidth_share\"\\s*:\\s*([0-9.eE+-]+)");
    private static final Pattern LLAMA3_SPEED = Pattern.compile("generation: ([0-9.]+) tokens/s");
    private static final List<String> ATTENTION_HEAVY = List.of("--layers", "8", "--width", "1024", "--heads", "16",
            "--kv-heads", "16", "--feed-forward", "2816", "--vocabulary", "32000");
    private static final List<String> ARKVALE = List.of("--fill", "random", "--kv", "arkvale", "--budget", "2048",
            "--dense-layers", "0");
    private static final List<String> FULL = List.of("--fill", "random", "--kv", "full");

    /** Takes one figure of a model; empty if it cannot. */
    private interface Measure {
        OptionalDouble of(Path model) throws IOException, InterruptedException;
    }

    /** A comparison: {@code ours} divided by {@code theirs}, with the target of the ratio. */
    private record Row(String what, String model, Measure ours, String peer, Measure theirs, int turns, String aim) {}

    private static Path models = Path.of("benchmarks/target/peers");
    private static int rounds = 5;
    private static List<String> pin = List.of();

    public static void main(String[] args) throws Exception {
        boolean isLong = false;
        Pattern only = Pattern.compile("");
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--long" -> isLong = true;
                case "--only" -> only = Pattern.compile(args[++i]);
                case "--models" -> models = Path.of(args[++i]);
                default -> fail("there is no option " + args[i]
                        + "; there are --rounds N, --long, --only REGEX and --models DIR");
            }
        }
        if (!Files.exists(RUNNER)) {
            fail("there is no " + RUNNER + ": start this in the root of the project, after ./mvnw package");
        }
        Files.createDirectories(models);
        for (String peer : List.of("LLAMA_BENCH", "LLAMA3_JAVA", "LLAMA_QUANTIZE", "LLAMA_COMPLETION")) {
            if (command(peer).isEmpty()) {
                System.err.println(peer + " is not set: rows that need it are left out or show Kvasir alone");
            }
        }
        pin = has("taskset") ? List.of("taskset", "-c", "0,1") : List.of();

        System.out.println("| what | Kvasir | beside | its figure | ratio | aim |\n|---|---|---|---|---|---|");
        for (Row row : isLong ? longRows() : shortRows()) {
            if (only.matcher(row.what()).find()) {
                measure(row);
            }
        }
    }

    private static List<Row> shortRows() {
        List<Row> rows = new ArrayList<>();
        Measure decode = kvasir("-p", "0", "-n", "48");
        Measure prompt = kvasir("-p", "512", "-n", "0");
        rows.add(new Row("decode Q8_0", "1b-q8_0", decode, "llama.cpp", llama("-p", "0", "-n", "48"), rounds, "1.0"));
        rows.add(new Row("decode Q8_0, beside llama3.java", "1b-q8_0", decode, "llama3.java", llama3(), rounds, "1.8"));
        rows.add(new Row("decode Q8_0, share of a bare read", "1b-q8_0",
                figure(SHARE, "-p", "0", "-n", "48", "--machine"), "", model -> OptionalDouble.empty(), rounds, "0.90"));
        rows.add(new Row("decode Q4_0", "1b-q4_0", decode, "llama.cpp", llama("-p", "0", "-n", "48"), rounds, "0.95"));
        rows.add(new Row("decode Q4_0, beside llama3.java", "1b-q4_0", decode, "llama3.java", llama3(), rounds, ""));
        for (String type : List.of("Q4_K_M", "Q6_K", "F16")) {
            rows.add(new Row("decode " + type, "1b-" + type.toLowerCase(Locale.ROOT), decode, "llama.cpp",
                    llama("-p", "0", "-n", "48"), rounds, "0.85"));
        }
        rows.add(new Row("512 tokens of prompt, Q8_0", "1b-q8_0", prompt, "llama.cpp", llama("-p", "512", "-n", "0"),
                rounds, "1.5"));
        rows.add(new Row("512 tokens of prompt, Q4_0", "1b-q4_0", prompt, "llama.cpp", llama("-p", "512", "-n", "0"),
                rounds, "0.7"));
        rows.add(new Row("seconds from start to first token, Q8_0 packed before", "1b-q8_0", start(), "llama.cpp",
                llamaStart(), rounds, "at most 2"));
        return rows;
    }

    private static List<Row> longRows() {
        List<Row> rows = new ArrayList<>();
        for (String depth : List.of("4096", "16384")) {
            rows.add(new Row("decode Q8_0 at " + depth + " tokens", "1b-q8_0", at(depth, FULL), "llama.cpp",
                    best(llama("-p", "0", "-n", "16", "-d", depth, "-fa", "0"),
                            llama("-p", "0", "-n", "16", "-d", depth, "-fa", "1")),
                    1, "2.5"));
        }
        rows.add(new Row("decode Q4_0 at 32768 tokens, arkvale 2048", "1b-q4_0", at("32768", ARKVALE),
                "llama.cpp, from its step at 4096 and 16 times the growth of a model of one layer",
                grown(16, "1b1layer-q4_0", "32768"), 1, "10"));
        for (String model : List.of("1b-q4_0", "attention-q8_0")) {
            rows.add(new Row(model + " at 32768 tokens, arkvale 2048", model, at("32768", ARKVALE), "Kvasir, full",
                    at("32768", FULL), rounds, model.startsWith("1b") ? "2.2" : "5"));
        }
        for (String model : List.of("1b-q4_0", "attention-q8_0")) {
            rows.add(new Row(model + " at 130000 tokens, arkvale 2048", model, at("130000", ARKVALE),
                    "Kvasir, at 8192", at("8192", ARKVALE), rounds, "1 / 1.5"));
        }
        rows.add(alone("eight sequences of 31000 tokens under 1 GiB, arkvale 512, of full", "attention-q8_0", batches(), "4.6"));
        for (String model : List.of("1b-q8_0", "1b-q4_0", "attention-q8_0")) {
            rows.add(alone(model + " at 32768 tokens, share of recalls in a step", model, recalls(), "at most 0.05"));
        }
        return rows;
    }

    private static void measure(Row row) throws IOException, InterruptedException {
        Path model = models.resolve(row.model() + ".gguf");
        if (!Files.exists(model) && !make(row.model(), model)) {
            return;
        }
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            row.ours().of(model).ifPresent(ours::add);
            if (round < row.turns()) {
                row.theirs().of(model).ifPresent(theirs::add);
            }
        }
        String ratio = ours.isEmpty() || theirs.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.2f", median(ours) / median(theirs));
        System.out.printf("| %s | %s | %s | %s | %s | %s |%n", row.what(), figure(ours),
                theirs.isEmpty() ? "" : row.peer(), figure(theirs), ratio, row.aim());
    }

    /** Makes a model with the shape and type in its name; false if a program for that is missing. */
    private static boolean make(String name, Path model) throws IOException, InterruptedException {
        String type = name.substring(name.indexOf('-') + 1);
        if (type.equals("q4_k_m") || type.equals("q6_k")) {
            List<String> quantize = command("LLAMA_QUANTIZE");
            if (quantize.isEmpty()) {
                System.err.println("LLAMA_QUANTIZE is not set: no " + model + " can be made, its row is left out");
                return false;
            }
            Path halves = models.resolve("1b-f16.gguf");
            if (!Files.exists(halves)) {
                make("1b-f16", halves);
            }
            run(join(quantize, List.of(halves.toAbsolutePath().toString(), model.toAbsolutePath().toString(), type)));
        } else {
            run(join(List.of("java", "-jar", RUNNER.toString(), "random-model", model.toString(), "--type", type),
                    name.startsWith("attention") ? ATTENTION_HEAVY
                            : name.startsWith("1b1layer") ? List.of("--layers", "1") : List.of()));
        }
        return Files.exists(model);
    }

    private static Measure at(String depth, List<String> policy) {
        return kvasir(join(List.of("-p", "0", "-n", "32", "-d", depth), policy).toArray(String[]::new));
    }

    private static Row alone(String what, String model, Measure ours, String aim) {
        return new Row(what, model, ours, "", each -> OptionalDouble.empty(), 1, aim);
    }

    private static Measure batches() {
        return model -> take(Pattern.compile("arkvale 512 decodes ([0-9.]+)"), experiment("throughput", model, "--length",
                "31000", "--budget", "512", "--device-memory", "1g", "--batch", "1,8", "--timed-steps", "10", "--repeat",
                "2"));
    }

    /** Recalls and the whole are the third to last and the last number of six milliseconds. */
    private static Measure recalls() {
        Pattern times = Pattern.compile("arkvale 2048[ |]+32[ |]+" + "([0-9.]+)[ |]+".repeat(6));
        return model -> {
            var found = times.matcher(run(experiment("latency", model, "--kv", "arkvale", "--fill", "random", "--length",
                    "32768", "--budget", "2048", "--repeat", "2", "--timed-steps", "40")));
            return found.find()
                    ? OptionalDouble.of(Double.parseDouble(found.group(4)) / Double.parseDouble(found.group(6)))
                    : OptionalDouble.empty();
        };
    }

    private static List<String> experiment(String name, Path model, String... args) throws IOException {
        Path folder = Files.createTempDirectory("peers").resolve(name);
        return join(List.of("java", "-jar", RUNNER.toString(), "experiment", name, "-m", model.toString(), "--dense-layers",
                "0", "-o", folder.toString()), Arrays.asList(args));
    }

    private static Measure start() {
        return model -> {
            List<String> command = join(pin, List.of("java", "-jar", RUNNER.toString(), "run", "-m", model.toString(), "-p",
                    "the quick brown", "-n", "1", "--temp", "0", "--repack-cache=" + models.resolve("packed")));
            run(command); // packs the weights if they are not packed yet
            return seconds(command);
        };
    }

    private static Measure llamaStart() {
        return model -> {
            List<String> command = command("LLAMA_COMPLETION");
            return command.isEmpty() ? OptionalDouble.empty() : seconds(join(pin, command, List.of("-m",
                    model.toAbsolutePath().toString(), "-t", THREADS, "-n", "1", "-p", "the quick brown", "--no-warmup",
                    "-no-cnv", "-c", "512")));
        };
    }

    private static OptionalDouble seconds(List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        run(command);
        return OptionalDouble.of((System.nanoTime() - start) / 1e9);
    }

    private static Measure kvasir(String... args) {
        return figure(SPEED, args);
    }

    private static Measure figure(Pattern figure, String... args) {
        return model -> take(figure, join(pin, List.of("java", "-jar", RUNNER.toString(), "bench", "-m", model.toString(),
                "-t", THREADS, "-r", "2", "-o", "jsonl"), Arrays.asList(args)));
    }

    private static Measure llama(String... args) {
        return model -> peer("LLAMA_BENCH", SPEED, join(List.of("-m", model.toAbsolutePath().toString(), "-t", THREADS, "-r",
                "1", "-o", "jsonl"), Arrays.asList(args)));
    }

    /**
     * Estimates decoding at a depth: the step at 4096 plus, for each layer, the additional time of a one-layer model at
     * that depth.
     */
    private static Measure grown(int layers, String oneLayer, String depth) {
        Measure early = llama("-p", "0", "-n", "128", "-d", "4096", "-fa", "0");
        Measure late = llama("-p", "0", "-n", "128", "-d", depth, "-fa", "0");
        return model -> {
            Path layer = models.resolve(oneLayer + ".gguf");
            if (!Files.exists(layer) && !make(oneLayer, layer)) {
                return OptionalDouble.empty();
            }
            OptionalDouble whole = early.of(model);
            OptionalDouble before = early.of(layer);
            OptionalDouble after = late.of(layer);
            return whole.isEmpty() || before.isEmpty() || after.isEmpty() ? OptionalDouble.empty()
                    : OptionalDouble.of(1 / (1 / whole.getAsDouble()
                            + layers * (1 / after.getAsDouble() - 1 / before.getAsDouble())));
        };
    }

    private static Measure llama3() {
        return model -> peer("LLAMA3_JAVA", LLAMA3_SPEED, List.of("--model", model.toAbsolutePath().toString(), "--prompt",
                "a b a", "-n", "256", "--temperature", "0", "--stream", "false"));
    }

    private static OptionalDouble peer(String variable, Pattern figure, List<String> args)
            throws IOException, InterruptedException {
        List<String> command = command(variable);
        return command.isEmpty() ? OptionalDouble.empty() : take(figure, join(pin, command, args));
    }

    private static Measure best(Measure one, Measure other) {
        return model -> {
            OptionalDouble a = one.of(model);
            OptionalDouble b = other.of(model);
            return a.isPresent() && b.isPresent() ? OptionalDouble.of(Math.max(a.getAsDouble(), b.getAsDouble()))
                    : a.isPresent() ? a : b;
        };
    }

    private static String figure(List<Double> figures) {
        return figures.isEmpty() ? "" : String.format(Locale.ROOT, median(figures) < 1.5 ? "%.2f" : "%.1f", median(figures));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static List<String> command(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isBlank() ? List.of() : Arrays.asList(value.trim().split("\\s+"));
    }

    private static OptionalDouble take(Pattern figure, List<String> command) throws IOException, InterruptedException {
        var found = figure.matcher(run(command));
        if (!found.find()) {
            System.err.println("no figure from: " + String.join(" ", command));
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(found.group(1)));
    }

    /** What a command writes; llama3.java has its figures on stderr. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
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
