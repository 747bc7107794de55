package dev.kvasir.runner.command;

import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Experiments;
import dev.kvasir.lab.Nearest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Runs experiments: one sub-command each. */
@Command(name = "experiment", description = {
    "Measures policies, budgets and texts; writes a report.", "",
    "It measures a grid of policies, budgets and texts. Figures, plots and a report are written to a folder.", "",
    "  kvasir experiment passkey --kv full,arkvale --budget 256,512 -o passkey",
    "  kvasir experiment passkey --help", "", "Without a name it lists the experiments."})
final class ExperimentsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Unmatched
    private List<String> rest = new ArrayList<>();

    /** The command with a sub-command for each experiment. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new ExperimentsCommand());
        Experiments.all()
                .forEach(experiment -> line.addSubcommand(experiment.name(), ExperimentCommand.spec(experiment)));
        return line;
    }

    Kvasir root() {
        return root;
    }

    @Override
    public Integer call() {
        List<Experiment> all = Experiments.all();
        if (!rest.isEmpty()) {
            List<String> names = all.stream().map(Experiment::name).toList();
            throw new ParameterException(spec.commandLine(), "there is no experiment '%s', only %s%s".formatted(
                    rest.get(0), String.join(", ", names), Nearest.hint(rest.get(0), names)));
        }
        Listing list = new Listing();
        all.forEach(experiment -> list.row(experiment.name(),
                "%s; reproduces %s".formatted(experiment.summary(), experiment.reproduces())));
        PrintWriter out = spec.commandLine().getOut();
        out.print(list);
        out.flush();
        return 0;
    }
}
