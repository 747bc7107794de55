package dev.kvasir.runner.option;

import dev.kvasir.kvcache.option.Budget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The sizes of the KV cache and of its pages. */
public final class SizeFlags {
    @Option(names = "--budget", paramLabel = "SIZE", description = "the most that stays on the device, per layer and sequence: 2048 tokens, 64p pages, 25%% of the context, or auto (nothing leaves while all fits --device-memory) (default: 2048, `demo` 512; --kv full keeps everything)")
    private @Nullable Budget budget;

    @Option(names = "--page-size", paramLabel = "TOKENS", description = "tokens in a page, a power of two from 4 to 128", defaultValue = "32")
    private int pageSize = 32;

    /** The budget, if one is given. */
    public Optional<Budget> budget() {
        return Optional.ofNullable(budget);
    }

    /** Tokens in a page. */
    public int pageSize() {
        return pageSize;
    }
}
