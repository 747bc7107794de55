package dev.kvasir.runner.command;

import dev.kvasir.model.FailureException;
import dev.kvasir.runner.terminal.ProcessContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** A new file, which must not replace another one unless the user wants it. */
final class Targets {
    @Option(names = "--force", description = "replace the file if it exists (default: ask on a terminal, refuse otherwise)")
    private boolean force;

    /**
     * Checks that a new file may take this place: a complete file is moved there at the end. A folder or a device is never
     * replaced; a file is replaced with {@code --force}, or if the user says so on the terminal.
     *
     * @throws FailureException if it may not
     */
    void check(Path target, ProcessContext process, PrintWriter err) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new FailureException("there is no folder %s: make it, or name another file".formatted(folder));
        }
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isRegularFile(target)) {
            throw new FailureException("%s is no file that could be replaced: name a new file".formatted(target));
        }
        if (!force && !(process.stdinIsTerminal() && process.stderrIsTerminal() && isWanted(target, process, err))) {
            throw new FailureException(
                    "%s exists: name another file, or replace it with --force".formatted(target));
        }
    }

    private static boolean isWanted(Path target, ProcessContext process, PrintWriter err) throws IOException {
        err.printf("%s exists. Replace it? [y/N] ", target);
        err.flush();
        String answer = new BufferedReader(new InputStreamReader(process.stdin(), StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
