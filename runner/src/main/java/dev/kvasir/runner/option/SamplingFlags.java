package dev.kvasir.runner.option;

import dev.kvasir.model.sampling.SamplerOptions;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tokens are drawn. */
public final class SamplingFlags {
    @Option(names = {"--temperature",
        "--temp"}, paramLabel = "T", description = "divides the logits before the draw; 0 is greedy", defaultValue = "0.8")
    private float temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "keep the K most likely tokens; 0 keeps all", defaultValue = "40")
    private int topK;

    @Option(names = "--top-p", paramLabel = "P", description = "keep the most likely tokens that together reach P; 1 keeps all", defaultValue = "0.95")
    private float topP;

    @Option(names = "--min-p", paramLabel = "P", description = "keep tokens at least P times as likely as the most likely; 0 keeps all", defaultValue = "0.05")
    private float minP;

    @Option(names = "--repeat-penalty", paramLabel = "X", description = "lowers the logits of the last 64 tokens; 1 changes nothing", defaultValue = "1")
    private float repeatPenalty;

    @Option(names = {"-s",
        "--seed"}, paramLabel = "N", description = "seed of the draws: the same seed on the same machine writes the same text (default: random, and printed)")
    private @Nullable Long seed;

    /**
     * The options for the sampler, with a seed drawn if none was given.
     *
     * @throws IllegalArgumentException for values out of range
     */
    public SamplerOptions options() {
        long drawn = seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed;
        return new SamplerOptions(temperature, topK, topP, minP, repeatPenalty,
                SamplerOptions.defaults(0).repeatLastN(), drawn);
    }
}
