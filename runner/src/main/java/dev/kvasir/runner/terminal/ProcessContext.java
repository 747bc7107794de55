package dev.kvasir.runner.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The environment and the streams of the process, as commands use them.
 *
 * @param environment the environment variables
 * @param stdin the stream that {@code -} reads
 * @param stdoutIsTerminal whether the answer is printed on a terminal
 * @param stdinIsTerminal whether input comes from a terminal
 * @param stderrIsTerminal whether a progress bar would be visible
 */
public record ProcessContext(Map<String, String> environment, InputStream stdin, boolean stdinIsTerminal,
        boolean stdoutIsTerminal, boolean stderrIsTerminal, Interruption interruption) {

    /** The context of this process. */
    public static ProcessContext ofThisProcess(Interruption interruption) {
        var console = System.console();
        boolean both = console != null && console.isTerminal();
        return new ProcessContext(System.getenv(), System.in, both || isTerminal(0), both || isTerminal(1),
                isTerminal(2),
                interruption);
    }

    /**
     * On Linux, checks the target of the file descriptor; on other systems returns false, and only the console counts.
     */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
