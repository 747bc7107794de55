package dev.kvasir.runner.command;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.DataProblems;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.data.JsonLines;
import dev.kvasir.lab.run.GridRunner;
import dev.kvasir.lab.run.GridRunner.Faults;
import dev.kvasir.lab.run.GridRunner.Walk;
import dev.kvasir.lab.run.Hashes;
import dev.kvasir.lab.run.Manifest;
import dev.kvasir.lab.run.Origin;
import dev.kvasir.lab.run.Provenance;
import dev.kvasir.lab.run.ResultFile;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.runner.bench.BenchSetup;
import dev.kvasir.runner.option.CacheFlags;
import dev.kvasir.runner.option.EngineFlags;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import dev.kvasir.runner.terminal.ProcessContext;
import dev.kvasir.runner.terminal.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs one experiment. */
@Command(sortOptions = false)
final class ExperimentCommand implements Callable<Integer> {
    private static final String DENSE_LAYERS = "--dense-layers";
    private static final int FIRST = -1000; // before the options that all experiments share

    private final Experiment experiment;

    @Spec
    private CommandSpec spec;
    @ParentCommand
    private ExperimentsCommand parent;
    @Option(names = {"-o",
        "--output"}, paramLabel = "DIR", required = true, description = "folder for results.jsonl, results.csv, report.html and plots")
    private Path output;
    @Option(names = "--quick", description = "a small version, for a first look")
    private boolean quick;
    @Option(names = "--resume", description = "continue the run whose results are in the folder, with its options")
    private boolean resume;
    @Option(names = "--keep-going", description = "skip cells that fail and broken lines of data, and list them at the end")
    private boolean keepGoing;
    @Option(names = {"-s",
        "--seed"}, paramLabel = "N", description = "seed of all random numbers", defaultValue = "1")
    private long seed;
    @Mixin
    private ModelFlags model;
    @Mixin
    private EngineFlags engine;
    @Mixin
    private CacheFlags cacheFlags;
    @Mixin
    private VerbosityFlags verbosity;

    private ExperimentCommand(Experiment experiment) {
        this.experiment = experiment;
    }

    /** The command of an experiment: the options of all experiments, and one for each of its own parameters. */
    static CommandSpec spec(Experiment experiment) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new ExperimentCommand(experiment));
        spec.usageMessage()
                .description("Measures %s.".formatted(escaped(experiment.summary())),
                        "Reproduces %s.".formatted(escaped(experiment.reproduces())),
                        "--quick takes %s on two cores with the bundled model."
                                .formatted(escaped(experiment.quickTime())));
        OptionSpec dense = spec.findOption(DENSE_LAYERS);
        spec.remove(dense);
        spec.addOption(OptionSpec.builder(dense)
                .description(ExperimentCaches.DENSE_LAYERS)
                .defaultValue("2")
                .showDefaultValue(Visibility.NEVER)
                .build());
        int place = FIRST;
        for (Parameter parameter : experiment.parameters()) {
            String name = "--" + parameter.name();
            OptionSpec shared = spec.findOption(name);
            if (shared != null) {
                spec.remove(shared); // here a list of values makes a grid
            }
            spec.addOption(option(name, parameter, place++));
        }
        return spec;
    }

    private static OptionSpec option(String name, Parameter parameter, int place) {
        boolean differs = !parameter.quickValue().equals(parameter.value());
        String meaning = parameter.meaning()
                + (differs ? " (with --quick: %s)".formatted(escaped(parameter.quickValue())) : "");
        OptionSpec.Builder option = OptionSpec.builder(name).description(meaning).order(place);
        if (parameter.isToggle()) {
            return option.type(boolean.class).defaultValue(parameter.value()).build();
        }
        option.type(String.class).paramLabel(parameter.label());
        if (!parameter.choices().isEmpty()) {
            option.completionCandidates(parameter.choices());
        }
        return (parameter.value().isEmpty() ? option : option.defaultValue(parameter.value())).build();
    }

    private static String escaped(String text) {
        return text.replace("%", "%%");
    }

    @Override
    public Integer call() throws Exception {
        ProcessContext process = parent.root().process();
        PrintWriter err = spec.commandLine().getErr();
        List<String> words = resume ? Resumption.words(spec, experiment.name(), output) : List.of();
        if (!words.isEmpty()) {
            return Kvasir.run(process, spec.commandLine().getOut(), err, words.toArray(String[]::new));
        }
        EngineOptions engineOptions = Usage.of(spec, engine::options);
        Path file = model.file(process.environment());
        DataProblems dataProblems = keepGoing ? err::println : DataProblems.STRICT;
        OpenModel open = OpenModel.open(file, engineOptions);
        boolean isDenseGiven = spec.commandLine().getParseResult().hasMatchedOption(DENSE_LAYERS);
        Settings settings = new Settings(values(), quick, seed,
                ExperimentCaches.of(cacheFlags, isDenseGiven, open.model().config().layers()), dataProblems);
        Consumer<String> remarks = verbosity.isQuiet() ? remark -> {} : err::println;
        try (var _ = process.interruption().stopsByItself();
                Lab lab = new Lab(open, settings, process.interruption()::isRequested, remarks)) {
            List<Cell> cells = Usage.of(spec, () -> experiment.cells(settings));
            cells.stream().mapToInt(cell -> cell.size(Parameters.LENGTH)).max().ifPresent(lab::checkLength);
            Origin origin = origin(lab, file);
            Manifest manifest = manifest(settings, cells, origin).claim(output, resume);
            try (ResultFile results = ResultFile.open(output)) {
                var runner = new GridRunner(origin, keepGoing ? Faults.KEEP_GOING : Faults.STOP, Sentences::of);
                ProgressLine line = parent.root().progress(spec, !verbosity.isQuiet());
                try (CellBar bar = new CellBar(cells.size(), line);
                        TimeForecast forecast = new TimeForecast(bar, cells, System::nanoTime, remarks)) {
                    runner.walk(experiment, cells, lab, results, forecast);
                } catch (FailureException e) {
                    showDespite(e, GridRunner.found(cells, results), manifest, origin);
                    throw e;
                }
                Walk walk = GridRunner.found(cells, results);
                show(walk, manifest, origin);
                boolean isDone = walk.failed().isEmpty() && walk.remaining() == 0;
                return isDone && !walk.results().isEmpty() ? 0 : 1;
            }
        }
    }

    /** The value of each parameter: as typed, else that of {@code --quick}, else that of the experiment. */
    private Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        var parsed = spec.commandLine().getParseResult();
        for (Parameter parameter : experiment.parameters()) {
            String name = "--" + parameter.name();
            String unset = quick ? parameter.quickValue() : parameter.value();
            Object typed = parsed.matchedOptionValue(name, (Object) unset);
            values.put(parameter.name(), String.valueOf(typed));
        }
        return values;
    }

    private Origin origin(Lab lab, Path file) throws IOException {
        BenchSetup setup = BenchSetup.of(lab.model());
        String machine = "%s, %d cores, %s %s".formatted(setup.cpu(), Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"), System.getProperty("os.version"));
        return new Origin(file.getFileName().toString(), Hashes.of(file), setup.engine(), setup.threads(),
                lab.model().options().device(), machine, Provenance.of(setup.cpu(), lab.model().kernels()), seed);
    }

    private Manifest manifest(Settings settings, List<Cell> cells, Origin origin) throws IOException {
        Map<String, String> decisive = new TreeMap<>();
        settings.values().forEach((name, value) -> decisive.put("--" + name, value));
        for (Parameter parameter : experiment.parameters()) {
            for (String place : parameter.paths(settings.text(parameter.name()))) {
                decisive.put(Manifest.HASH_OF + place, Hashes.of(JsonLines.path(place)));
            }
        }
        Optional<CacheOptions> cache = cells.stream()
                .flatMap(cell -> cell.cacheOptions().stream())
                .reduce((first, last) -> last.policyOptions().isEmpty() ? first : last);
        cache.ifPresent(options -> Origin.cache(options).forEach((name, value) -> {
            if (!List.of("policy", "budget", "page_size", "digest").contains(name)) {
                decisive.put("cache " + name, value.toString());
            }
        }));
        decisive.put(Manifest.EXPERIMENT, experiment.name());
        decisive.put("seed", Long.toString(seed));
        decisive.put("model's hash", origin.modelHash());
        decisive.put("engine", origin.engine());
        decisive.put("threads", Integer.toString(origin.threads()));
        decisive.put("device", origin.device());
        return new Manifest(decisive, Map.of(Manifest.COMMAND, commandLine(),
                Manifest.CELLS, Integer.toString(cells.size()), "machine",
                origin.machine(), "date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()),
                Resumption.options(spec), origin.provenance().facts());
    }

    private String commandLine() {
        return "kvasir " + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }

    /** Shows the results so far when a run fails; if that fails too, the first error is the one to report. */
    private void showDespite(FailureException failure, Walk walk, Manifest manifest, Origin origin) {
        try {
            show(walk, manifest, origin);
        } catch (FailureException e) {
            failure.addSuppressed(e);
        }
    }

    private void show(Walk walk, Manifest manifest, Origin origin) {
        var findings = new Findings(experiment, walk, manifest, origin);
        PrintWriter out = spec.commandLine().getOut();
        findings.print(out);
        out.flush();
        findings.write(output, output);
        if (!verbosity.isQuiet()) {
            findings.printLeft(spec.commandLine().getErr(), output, List.of(output));
        }
    }
}
