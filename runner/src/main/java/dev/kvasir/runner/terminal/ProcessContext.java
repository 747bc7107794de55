package dev.kvasir.runner.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What commands see of the world outside.
 *
 * @param environment the environment variables
 * @param stdin what {@code -} reads
 * @param stdoutIsTerminal whether somebody looks at the answer as it comes
 * @param stdinIsTerminal whether somebody types
 * @param stderrIsTerminal whether a progress bar has a reader
 */
public record ProcessContext(Map<String, String> environment, InputStream stdin, boolean stdinIsTerminal,
        boolean stdoutIsTerminal, boolean stderrIsTerminal, Interruption interruption) {

    /** Those of this process. */
    public static ProcessContext ofThisProcess(Interruption interruption) {
        var console = System.console();
        boolean both = console != null && console.isTerminal();
        return new ProcessContext(System.getenv(), System.in, both || isTerminal(0), both || isTerminal(1),
                isTerminal(2),
                interruption);
    }

    /** Looks where Linux says a stream leads; elsewhere only a console tells that there is a terminal. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
