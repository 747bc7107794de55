package dev.kvasir.runner;

import dev.kvasir.runner.command.Kvasir;
import dev.kvasir.runner.terminal.Interruption;
import dev.kvasir.runner.terminal.ProcessContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

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
        var out = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
        var err = new PrintWriter(System.err, true);
        System.setOut(System.err); // TornadoVM prints kernels and warnings there, and stdout is for the answer alone
        int code = Kvasir.run(ProcessContext.ofThisProcess(interruption), out, err, args);
        interruption.commandHasEnded();
        System.exit(code);
    }
}
