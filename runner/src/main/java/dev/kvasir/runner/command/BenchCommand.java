package dev.kvasir.runner.command;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.run.Provenance;
import dev.kvasir.model.Model;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.runner.bench.Bench;
import dev.kvasir.runner.bench.BenchFill;
import dev.kvasir.runner.bench.BenchFormat;
import dev.kvasir.runner.bench.BenchResult;
import dev.kvasir.runner.bench.BenchSetup;
import dev.kvasir.runner.bench.BenchTest;
import dev.kvasir.runner.bench.Machine;
import dev.kvasir.runner.bench.WarmUp;
import dev.kvasir.runner.option.CacheFlags;
import dev.kvasir.runner.option.EngineFlags;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import dev.kvasir.runner.terminal.Interruption;
import dev.kvasir.runner.terminal.ProgressLine;
import dev.kvasir.runner.trace.JfrBlocks;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Times prompts and decoding. */
@Command(name = "bench", description = {"Times prompts and decoding, with llama-bench's letters.", "",
    "Lists make a grid: -p 512 -n 128 -d 0,4096 --kv full,arkvale",
    "A prompt at a depth is read behind the tokens that are in the cache before."})
final class BenchCommand implements Callable<Integer> {
    private static final double QUIET = 0.05; // of the CPUs

    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Mixin
    private ModelFlags model;
    @Option(names = {"-p",
        "--n-prompt"}, split = ",", paramLabel = "TOKENS", description = "prompt tokens read at once; 0 for none", defaultValue = "512")
    private List<Integer> prompts;
    @Option(names = {"-n",
        "--n-gen"}, split = ",", paramLabel = "TOKENS", description = "tokens decoded one by one; 0 for none", defaultValue = "128")
    private List<Integer> generations;
    @Option(names = "-pg", paramLabel = "PROMPT,TOKENS", description = "a prompt and then decoding as one test, repeatable: -pg 512,128")
    private List<String> pairs = List.of();
    @Option(names = {"-d",
        "--n-depth"}, split = ",", paramLabel = "TOKENS", description = "tokens in the cache before", defaultValue = "0")
    private List<Integer> depths;
    @Option(names = {"-r",
        "--repetitions"}, paramLabel = "N", description = "timed rounds of each test", defaultValue = "5")
    private int rounds;
    @Option(names = "--warmup", paramLabel = "SECONDS", description = "untimed rounds before: until the medians of five rounds differ by less than 3 %%, or for this time for each test and policy; at least one round", defaultValue = "5")
    private double warmUpSeconds;
    @Option(names = "--no-warmup", description = "no untimed rounds")
    private boolean noWarmUp;
    @Option(names = {"-o",
        "--output"}, paramLabel = "FORMAT", description = "md, csv, json or jsonl", defaultValue = "md")
    private BenchFormat format;
    @Option(names = "--fill", paramLabel = "HOW", description = "how the cache is filled to the depth: prompt (reads tokens) or random (random keys and values, fast)", defaultValue = "prompt")
    private BenchFill fill;
    @Option(names = "--machine", description = "also measure bare read bandwidth and FMA peak, and print the share of them")
    private boolean probe;
    @Option(names = "--jfr", paramLabel = "FILE.jfr", description = "write a JDK Flight Recorder recording of the timed rounds, without page events")
    private @Nullable Path jfr;
    @Option(names = "--kv", split = ",", paramLabel = "NAME", description = "cache policies to compare; they take turns, round by round", defaultValue = "full")
    private List<String> policies;
    @Mixin
    private CacheFlags cacheFlags;
    @Mixin
    private EngineFlags engine;
    @Mixin
    private VerbosityFlags verbosity;

    @Override
    public Integer call() throws Exception {
        EngineOptions engineOptions = Usage.of(spec, engine::options);
        List<BenchTest> tests = Usage.of(spec, this::tests);
        List<CacheOptions> caches = Usage.of(spec, () -> policies.stream().map(cacheFlags::options).toList());
        JfrBlocks recording = jfr == null ? null : new JfrBlocks(jfr);
        WarmUp warmUp = noWarmUp ? WarmUp.NONE : Usage.of(spec, () -> WarmUp.upTo(warmUpSeconds));
        try (Model loaded = Model.load(model.file(root.process().environment()), engineOptions)) {
            Machine machine = probe ? Machine.measured(engineOptions.threads()) : Machine.UNKNOWN;
            PrintWriter out = spec.commandLine().getOut();
            PrintWriter err = spec.commandLine().getErr();
            if (probe && !verbosity.isQuiet()) {
                err.printf(Locale.ROOT,
                        "this machine, %d threads: bare read %.1f GB/s (%.1f with one stream a thread), FMA peak %.0f GFLOP/s%n",
                        engineOptions.threads(), machine.readBytes() / 1e9, machine.oneStream() / 1e9,
                        machine.operations() / 1e9);
            }
            int longest = tests.stream().mapToInt(BenchTest::capacity).max().orElse(0);
            if (!verbosity.isQuiet()) {
                Lab.beyondTraining(loaded, longest).ifPresent(err::println);
            }
            Interruption interruption = root.process().interruption();
            BenchSetup setup = BenchSetup.of(loaded);
            var bench = new Bench(loaded, setup, machine, fill, warmUp, rounds, interruption::isRequested);
            int all = bench.roundsOf(tests, caches);
            loaded.watchPrompts(new PromptProgress(new ProgressLine(err, false), interruption::isRequested));
            List<BenchResult> results;
            try (var _ = interruption.stopsByItself(); ProgressLine line = root.progress(spec, !verbosity.isQuiet())) {
                line.show(0, all, ""); // the time begins here
                results = bench.run(tests, caches, new BenchProgress(line, all, recording));
                line.close();
                if (interruption.isRequested()) {
                    err.printf("interrupted: %d of %d tests are complete%n", results.size(),
                            tests.size() * caches.size());
                }
            }
            if (probe) {
                Machine higher = machine.higher(Machine.measured(engineOptions.threads()));
                results = results.stream().map(result -> result.of(machine, higher)).toList();
                remarks(results, machine, higher).forEach(err::println);
            }
            if (!verbosity.isQuiet()) {
                othersRemark(results).ifPresent(err::println);
            }
            out.print(format.of(results, Provenance.of(setup.cpu(), loaded.kernels())));
            out.flush();
        }
        return 0;
    }

    private static Optional<String> othersRemark(List<BenchResult> results) {
        return results.stream()
                .filter(result -> result.othersCpu() > QUIET)
                .max(Comparator.comparingDouble(BenchResult::othersCpu))
                .map(result -> String.format(Locale.ROOT,
                        "other processes used %.0f %% of the CPUs during %s: these figures are not of a quiet machine",
                        100 * result.othersCpu(), result.test().label()));
    }

    private static List<String> remarks(List<BenchResult> results, Machine before, Machine higher) {
        List<String> remarks = new ArrayList<>();
        if (!higher.equals(before)) {
            remarks.add(String.format(Locale.ROOT,
                    "measured again afterwards: bare read %.1f GB/s, FMA peak %.0f GFLOP/s; shares are of the higher figures",
                    higher.readBytes() / 1e9, higher.operations() / 1e9));
        }
        results.stream()
                .filter(BenchResult::isAboveMachine)
                .map(result -> "%s under %s is above 100 %% of the measured machine: other processes slowed the measurement, or the weights fit into a cache; measure again when the machine is quiet"
                        .formatted(result.test().label(), result.cache().kv()))
                .forEach(remarks::add);
        return remarks;
    }

    /** Counts the timed rounds, and records them if asked to. */
    private static final class BenchProgress implements Bench.Progress {
        private final ProgressLine line;
        private final int all;
        private final @Nullable JfrBlocks recording;
        private int done;

        BenchProgress(ProgressLine line, int all, @Nullable JfrBlocks recording) {
            this.line = line;
            this.all = all;
            this.recording = recording;
        }

        @Override
        public void time(Runnable rounds) {
            if (recording == null) {
                rounds.run();
            } else {
                recording.record(rounds);
            }
        }

        @Override
        public void warmed(String what) {
            line.show(done, all, "warming up: " + what);
        }

        @Override
        public void timed(String what) {
            done++;
            line.show(done, all, "%d of %d rounds: %s".formatted(done, all, what));
        }
    }

    private List<BenchTest> tests() {
        if (rounds < 1) {
            throw new IllegalArgumentException("%d rounds time nothing: give 1 or more with -r".formatted(rounds));
        }
        List<BenchTest> both = new ArrayList<>();
        for (String pair : pairs) {
            String[] numbers = pair.split(",");
            try {
                both.add(new BenchTest(Integer.parseInt(numbers[0].strip()), Integer.parseInt(numbers[1].strip()), 0));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "-pg takes two numbers, as in -pg 512,128, and not '%s'".formatted(pair), e);
            }
        }
        List<BenchTest> tests = BenchTest.grid(prompts, generations, both, depths);
        if (tests.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to time: give -p, -n or -pg a number above 0");
        }
        return tests;
    }
}
