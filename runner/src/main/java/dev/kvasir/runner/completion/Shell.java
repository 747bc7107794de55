package dev.kvasir.runner.completion;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;

/** A shell that completes command lines. */
public enum Shell {
    /** GNU bash. */
    BASH,
    /** The Z shell. */
    ZSH,
    /** The friendly interactive shell. */
    FISH;

    /**
     * The shell of a name.
     *
     * @throws IllegalArgumentException if there is none; the message lists all names
     */
    public static Shell named(String name) {
        return Arrays.stream(values())
                .filter(shell -> shell.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no completion for '%s', only for bash, zsh and fish".formatted(name)));
    }

    /** Its name on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The script for a command line and all its sub-commands. */
    public String script(CommandLine root) {
        var words = Words.of(root);
        return switch (this) {
            case BASH -> BashScript.of(words);
            case ZSH -> ZshScript.of(words);
            case FISH -> FishScript.of(words);
        };
    }
}
