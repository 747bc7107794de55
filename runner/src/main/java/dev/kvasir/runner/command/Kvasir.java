package dev.kvasir.runner.command;

import dev.kvasir.lab.run.Build;
import dev.kvasir.model.FailureException;
import dev.kvasir.runner.option.Converters;
import dev.kvasir.runner.option.VerbosityFlags;
import dev.kvasir.runner.terminal.ProcessContext;
import dev.kvasir.runner.terminal.ProgressLine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code kvasir} itself: the list of its sub-commands, and how they end. */
@Command(name = "kvasir", description = {
    "Decodes GGUF language models with a KV cache that evicts pages and recalls them.",
    "Options without a command mean `run`.", ""}, footer = {"",
        "Exit codes: 0 done, 1 failed (one sentence on stderr), 2 wrong usage, 130 Ctrl-C.",
        "`--show-command` before any command prints the `java` line that would run it.",
        "`@FILE` in place of an option reads arguments from a file. Environment: KVASIR_MODELS (folder of models), KVASIR_DEVICE_MEMORY, "
                + "KVASIR_HOST_MEMORY, KVASIR_CACHE_DIR, KVASIR_JAVA_HOME, KVASIR_JAVA_OPTS, TORNADOVM_HOME."})
public final class Kvasir implements Runnable {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int HELP_WIDTH = 80; // characters
    private static final Set<String> OWN_OPTIONS = Set.of("-h", "--help", "-V", "--version");
    private static final List<String> COMMANDS = List.of("run", "chat", "demo", "info", "tokenize", "quantize",
            "policies", "bench", "experiment", "report", "view", "devices", "ptx", "random-model", "completion");
    /** Commands that load a model: reading the options of all others takes as long as mapping the model. */
    private static final Set<String> URGENT = Set.of("run", "chat", "bench");

    private final ProcessContext process;

    @Spec
    private CommandSpec spec;

    private Kvasir(ProcessContext process) {
        this.process = process;
    }

    /** The streams, the terminal and the environment of this process. */
    ProcessContext process() {
        return process;
    }

    /** Runs one command line and returns the exit code; {@code out} gets the answer, {@code err} the rest. */
    public static int run(ProcessContext process, PrintWriter out, PrintWriter err, String... args) {
        List<String> words;
        CommandLine line;
        String[] all;
        try {
            words = withDefaultCommand(ArgumentFiles.first(List.of(args)));
            boolean isUrgent = !words.isEmpty() && URGENT.contains(words.get(0));
            line = commandLine(process, isUrgent ? List.of(words.get(0)) : COMMANDS).setOut(out).setErr(err);
            all = ArgumentFiles.all(words, line.getCommandSpec()).toArray(String[]::new);
        } catch (FailureException e) {
            err.println(e.getMessage()); // a file of arguments is not UTF-8
            err.flush();
            return WRONG_USAGE;
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        int code;
        try {
            code = line.execute(all);
        } catch (OutOfMemoryError | StackOverflowError | InternalError e) {
            err.println(Sentences.of(e));
            code = FAILED;
        } finally {
            Thread.currentThread().setContextClassLoader(before); // --policy-path has set another
        }
        out.flush();
        err.flush();
        return code;
    }

    private static CommandLine commandLine(ProcessContext process, List<String> commands) {
        CommandLine line = new CommandLine(new Kvasir(process));
        commands.forEach(name -> line.addSubcommand(name, command(name)));
        Converters.registerOn(line);
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setExpandAtFiles(false); // see ArgumentFiles
        line.setAllowOptionsAsOptionParameters(true); // a prompt may begin with a dash
        line.setParameterExceptionHandler(Kvasir::wrongUsage);
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
        line.getCommandSpec().versionProvider(() -> new String[]{"kvasir " + Build.current()});
        everyCommand(line, command -> {
            command.getCommandSpec().mixinStandardHelpOptions(true);
            command.getCommandSpec().usageMessage().showDefaultValues(true).sortOptions(false).abbreviateSynopsis(true);
            command.getCommandSpec().versionProvider(line.getCommandSpec().versionProvider());
        });
        return line;
    }

    private static Object command(String name) {
        return switch (name) {
            case "run" -> new RunCommand();
            case "chat" -> new ChatCommand();
            case "info" -> new InfoCommand();
            case "tokenize" -> new TokenizeCommand();
            case "quantize" -> new QuantizeCommand();
            case "bench" -> new BenchCommand();
            case "policies" -> new PoliciesCommand();
            case "devices" -> new DevicesCommand();
            case "ptx" -> new PtxCommand();
            case "demo" -> new DemoCommand();
            case "random-model" -> new RandomModelCommand();
            case "report" -> new ReportCommand();
            case "view" -> new ViewCommand();
            case "completion" -> new CompletionCommand();
            case "experiment" -> ExperimentsCommand.line();
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    private static void everyCommand(CommandLine line, java.util.function.Consumer<CommandLine> action) {
        action.accept(line);
        line.getSubcommands().values().forEach(sub -> everyCommand(sub, action));
    }

    /** Puts {@code run} in front of bare options. */
    private static List<String> withDefaultCommand(List<String> args) {
        if (args.isEmpty() || !args.get(0).startsWith("-") || OWN_OPTIONS.contains(args.get(0))) {
            return args;
        }
        List<String> line = new ArrayList<>(List.of("run"));
        line.addAll(args);
        return line;
    }

    /** A line on stderr for the progress of a command, if there is a terminal and it {@code isWanted}. */
    ProgressLine progress(CommandSpec command, boolean isWanted) {
        return new ProgressLine(command.commandLine().getErr(), process.stderrIsTerminal() && isWanted);
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(WrongWords.sentence(e, args));
        command.getErr().println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
        printTrace(e, command);
        return WRONG_USAGE;
    }

    private static int failed(Exception e, CommandLine command) {
        command.getOut().flush();
        command.getErr().println(Sentences.of(e));
        printTrace(e, command);
        return FAILED;
    }

    private static void printTrace(Exception e, CommandLine command) {
        if (VerbosityFlags.isVerbose(command.getCommandSpec())) {
            e.printStackTrace(command.getErr());
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "There is no command to run.");
    }
}
