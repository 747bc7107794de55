package dev.kvasir.runner.command;

import dev.kvasir.lab.SettingFlags;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reports values that make no sense as wrong usage, exit code 2. */
final class Usage {
    private Usage() {}

    /** The value of the options; an exception of theirs becomes wrong usage. */
    static <T> T of(CommandSpec spec, Callable<T> options) throws Exception {
        try {
            return options.call();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), SettingFlags.in(String.valueOf(e.getMessage())), e);
        }
    }
}
