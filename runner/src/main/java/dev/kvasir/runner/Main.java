package dev.kvasir.runner;

import dev.kvasir.launch.TypedArguments;
import dev.kvasir.runner.command.Kvasir;
import dev.kvasir.runner.terminal.Interruption;
import dev.kvasir.runner.terminal.ProcessContext;
import dev.kvasir.runner.terminal.StdoutWriter;
import java.io.PrintWriter;

/** The main class of Kvasir. It sets up this JVM, runs one command, and ends with its exit code. */
public final class Main {
    private static final String PARENT = "kvasir.parent"; // set by the launcher

    private Main() {}

    public static void main(String[] args) {
        Interruption interruption = new Interruption();
        interruption.watchShutdown();
        Long parent = Long.getLong(PARENT);
        if (parent != null) {
            Interruption.endWith(parent);
        }
        var out = new StdoutWriter();
        var err = new PrintWriter(System.err, true);
        System.setOut(System.err); // TornadoVM prints kernels and warnings there, and stdout is for the answer alone
        int code = Kvasir.run(ProcessContext.ofThisProcess(interruption), out, err, TypedArguments.received(args));
        interruption.commandHasEnded();
        System.exit(code);
    }
}
