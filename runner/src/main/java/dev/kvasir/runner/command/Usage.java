package dev.kvasir.runner.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Turns values that make no sense into wrong usage, exit code 2. */
final class Usage {
    private Usage() {}

    /** Whatever the options give, unless they refuse their values. */
    static <T> T of(CommandSpec spec, Callable<T> options) throws Exception {
        try {
            return options.call();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
