package dev.kvasir.runner.command;

import dev.kvasir.runner.terminal.Interruption;
import dev.kvasir.runner.terminal.ProcessContext;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines in this JVM. */
final class Cli {
    /** A real model with little in it: 260 thousand weights, a context of 512 tokens. */
    static final Path STORIES = Path.of("..", "model", "src", "test", "resources", "stories260k",
            "stories260K-f32.gguf");
    /** What it writes, greedily, in 200 tokens. */
    static final Path GOLDEN = STORIES.resolveSibling("golden-greedy-200.txt");

    private final Map<String, String> environment = new HashMap<>();
    private final Interruption interruption = new Interruption();
    private byte[] stdin = {};

    /** What came of a command line. */
    record Outcome(int code, String out, String err) {}

    Cli withStdin(String text) {
        return withStdin(text.getBytes(StandardCharsets.UTF_8));
    }

    Cli withStdin(byte[] bytes) {
        stdin = bytes;
        return this;
    }

    Cli withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Cli interrupted() {
        interruption.request();
        return this;
    }

    Outcome run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var context = new ProcessContext(environment,
                new ByteArrayInputStream(stdin),
                false, false, false, interruption);
        int code = Kvasir.run(context, new PrintWriter(out), new PrintWriter(err), args);
        return new Outcome(code, out.toString(), err.toString());
    }
}
