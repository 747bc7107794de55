package dev.kvasir.runner.command;

import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Experiments;
import dev.kvasir.lab.run.Manifest;
import dev.kvasir.lab.run.RecordedRun;
import dev.kvasir.model.FailureException;
import dev.kvasir.runner.option.VerbosityFlags;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the report of existing results. */
@Command(name = "report", description = {
    "Writes the report of an experiment's folder again.", "",
    "It reads results.jsonl and run.json and writes report.html, the plots and results.csv: after a killed run, "
            + "after an edit, or with a newer version. It measures nothing.",
    "With -o, several folders of one experiment that differ only in their grids become one report."})
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private VerbosityFlags verbosity;
    @Option(names = {"-o",
        "--output"}, paramLabel = "DIR", description = "folder for the report (default: that of the results)")
    private List<Path> output = new ArrayList<>();
    @Parameters(paramLabel = "DIR", arity = "1..*", description = "folders of experiments, as given with -o")
    private List<Path> folders = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (folders.size() > 1 && output.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "%d folders become one report: name a folder for it with -o".formatted(folders.size()));
        }
        Path target = output.isEmpty() ? folders.getFirst() : output.getLast();
        RecordedRun run = RecordedRun.join(folders);
        String name = run.manifest().settings().getOrDefault(Manifest.EXPERIMENT, "");
        Experiment experiment = Experiments.all()
                .stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        "%s holds results of an experiment '%s', which this version does not have".formatted(
                                folders.getFirst(), name)));
        Files.createDirectories(target);
        var findings = new Findings(experiment, run.walk(), run.manifest(), run.origin());
        PrintWriter out = spec.commandLine().getOut();
        findings.print(out);
        out.flush();
        findings.write(target, folders.getFirst());
        if (!verbosity.isQuiet()) {
            findings.printLeft(spec.commandLine().getErr(), target);
        }
        return 0;
    }
}
