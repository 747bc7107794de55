package dev.kvasir.runner.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much text. */
public final class LengthFlags {
    @Option(names = {"-n",
        "--max-tokens"}, paramLabel = "TOKENS", description = "new tokens at most, the prompt not counted", defaultValue = "256")
    private int maxTokens;

    @Option(names = {"-c",
        "--ctx-size"}, paramLabel = "TOKENS", description = "room for prompt and new tokens (default: what the command needs, at most what the model was made for)")
    private @Nullable Integer contextSize;

    /**
     * New tokens at most.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public int maxTokens() {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("%d new tokens: give 0 or more with -n".formatted(maxTokens));
        }
        return maxTokens;
    }

    /**
     * Tokens that must fit.
     *
     * @param wanted what the command needs
     * @param model what the model was made for
     * @throws IllegalArgumentException if the given number is no size
     */
    public int contextSize(long wanted, int model) {
        if (contextSize == null) {
            return (int) Math.min(wanted, model);
        }
        if (contextSize < 1) {
            throw new IllegalArgumentException("a context of %d tokens holds nothing: raise -c".formatted(contextSize));
        }
        return contextSize;
    }
}
