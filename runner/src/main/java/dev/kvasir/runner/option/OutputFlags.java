package dev.kvasir.runner.option;

import picocli.CommandLine.Option;

/** The output on stdout. */
public final class OutputFlags {
    @Option(names = "--stream", arity = "1", paramLabel = "true|false", description = "print each token at once, not all at the end (default: true)", defaultValue = "true")
    private boolean stream;

    @Option(names = "--echo", arity = "1", paramLabel = "true|false", description = "print the prompt before its continuation (default: false)", defaultValue = "false")
    private boolean echo;

    /** Whether each token is printed at once. */
    public boolean isStreamed() {
        return stream;
    }

    /** Whether the prompt is printed too. */
    public boolean isEchoed() {
        return echo;
    }
}
