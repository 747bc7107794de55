package dev.kvasir.runner.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** How much is printed on stderr. */
public final class VerbosityFlags {
    private static final String VERBOSE = "--verbose";
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    @Option(names = {"-q", "--quiet"}, description = "print no figures")
    private boolean quiet;

    /** Sets the level of the log, which is read with the first logger, after the command line. */
    @Option(names = {"-v", VERBOSE}, description = "log each step, and print stack traces")
    private void setVerbose(boolean verbose) {
        if (verbose && System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "debug");
        }
    }

    /** Whether figures and progress are unwanted. */
    public boolean isQuiet() {
        return quiet;
    }

    /** Whether a command line has {@code -v}. */
    public static boolean isVerbose(CommandSpec command) {
        OptionSpec verbose = command.findOption(VERBOSE);
        return verbose != null && Boolean.TRUE.equals(verbose.getValue());
    }
}
