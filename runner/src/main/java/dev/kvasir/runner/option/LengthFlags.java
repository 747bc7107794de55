package dev.kvasir.runner.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The numbers of tokens. */
public final class LengthFlags {
    @Option(names = {"-n",
        "--max-tokens"}, paramLabel = "TOKENS", description = "the most new tokens, without the prompt", defaultValue = "256")
    private int maxTokens;

    @Option(names = {"-c",
        "--ctx-size"}, paramLabel = "TOKENS", description = "room for prompt and new tokens (default: as much as the command needs, up to the context length of the model)")
    private @Nullable Integer contextSize;

    /**
     * The most new tokens.
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
     * The number of tokens that must fit.
     *
     * @param wanted tokens that the command needs
     * @param model context length of the model
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
