package dev.kvasir.runner.option;

import picocli.CommandLine.Option;

/** How much is said on stderr. */
public final class VerbosityFlags {
    @Option(names = {"-v", "--verbose"}, description = "log what is done, and print stack traces")
    private boolean verbose;

    @Option(names = {"-q", "--quiet"}, description = "print no figures")
    private boolean quiet;

    /** Whether figures and progress are unwanted. */
    public boolean isQuiet() {
        return quiet;
    }

    /** Whether details are wanted. */
    public boolean isVerbose() {
        return verbose;
    }
}
