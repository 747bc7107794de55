package dev.kvasir.runner;

import dev.kvasir.launch.CommandLineWords;
import dev.kvasir.launch.NotUtf8Exception;
import dev.kvasir.runner.command.Kvasir;
import dev.kvasir.runner.terminal.Interruption;
import dev.kvasir.runner.terminal.ProcessContext;
import dev.kvasir.runner.terminal.StandardOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The main class of Kvasir. It sets up this JVM, runs one command, and ends with its exit code. */
public final class Main {
    private static final String PARENT = "kvasir.parent"; // set by the launcher
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // figures and files are the same everywhere
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        System.setOut(System.err); // TornadoVM prints kernels and warnings there, and stdout is for the answer alone
        var interruption = new Interruption();
        interruption.watchSignals();
        Long parent = Long.getLong(PARENT);
        if (parent != null) {
            interruption.endWith(parent);
        }
        int code = run(interruption, parent == null ? CommandLineWords.SELF : parent.toString(), args);
        System.exit(interruption.isRequested() ? interruption.exitCode() : code);
    }

    /** Runs a command whose words are the last ones of {@code process}. */
    private static int run(Interruption interruption, String process, String... args) {
        var stdout = new StandardOutput();
        var out = new PrintWriter(new OutputStreamWriter(stdout, StandardCharsets.UTF_8));
        var err = new PrintWriter(System.err, true);
        String[] words;
        try {
            words = CommandLineWords.of(process, List.of(args)).toArray(String[]::new);
        } catch (NotUtf8Exception e) {
            err.println(e.sentence());
            return WRONG_USAGE;
        }
        int code = Kvasir.run(ProcessContext.ofThisProcess(interruption), out, err, words);
        if (out.checkError() && code == 0 && !stdout.isReaderGone()) {
            err.println("the answer could not be written to standard output: is the disk full, or stdout closed?");
            return FAILED;
        }
        return code;
    }
}
