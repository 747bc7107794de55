package dev.kvasir.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A command on a terminal of its own, made by {@code script} of util-linux. Keys go in as a user types them. */
final class PseudoTerminal implements AutoCloseable {
    static final String CTRL_C = "\003";

    private final Process process;
    private final InputStream screen;
    private final OutputStream keys;
    private final StringBuilder seen = new StringBuilder();
    private int read; // characters of seen that were waited for

    private PseudoTerminal(Process process) {
        this.process = process;
        screen = process.getInputStream();
        keys = process.getOutputStream();
    }

    /** Starts a command; it must not contain single quotes. */
    static PseudoTerminal start(Path folder, Map<String, String> environment, String... command) throws IOException {
        String line = Stream.of(command).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        var builder = new ProcessBuilder(
                List.of("script", "-qefc", "stty cols 80 rows 24; exec " + line, "/dev/null"))
                .redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        builder.environment().put("SHELL", "/bin/sh");
        builder.environment().put("KVASIR_CACHE_DIR", FinishedJar.CACHE.toString());
        builder.environment().putAll(environment);
        return new PseudoTerminal(builder.directory(folder.toFile()).start());
    }

    /** Waits until the command has shown a text after the last one that was waited for. */
    void await(String text) throws IOException {
        while (seen.indexOf(text, read) < 0) {
            assertThat(readMore()).as("'%s' after: %s", text, seen).isTrue();
        }
        read = seen.indexOf(text, read) + text.length();
    }

    void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** Everything on the screen once the command has ended. */
    String untilEnd() throws IOException {
        boolean more = true;
        while (more) {
            more = readMore();
        }
        return seen.toString();
    }

    /** The exit code of the command. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private boolean readMore() throws IOException {
        byte[] bytes = new byte[4096];
        int n = screen.read(bytes);
        seen.append(new String(bytes, 0, Math.max(0, n), StandardCharsets.UTF_8));
        return n > 0;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
