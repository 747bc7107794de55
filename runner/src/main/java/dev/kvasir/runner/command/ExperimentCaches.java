package dev.kvasir.runner.command;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.lab.CacheChoice;
import dev.kvasir.runner.option.CacheFlags;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The caches of an experiment. Several policies share the flags: each takes those options of {@code --policy-opt} that it
 * has. Under the usual {@code --dense-layers} a small model keeps everything in half of its layers or more, which hides the
 * effect of a policy; its default is 0.
 */
final class ExperimentCaches {
    /** The text of the option in {@code --help}. */
    static final String DENSE_LAYERS = "number of first layers that keep everything (default: 2, or 0 for a model of fewer than 16 layers)";

    private static final int SMALL = 16; // layers

    private ExperimentCaches() {}

    static CacheChoice of(CacheFlags flags, boolean isDenseGiven, int layers) {
        return name -> {
            CachePolicy policy = CacheFlags.policy(name);
            Map<String, String> own = new LinkedHashMap<>(flags.policyOptions());
            own.keySet().retainAll(policy.card().options().keySet());
            CacheOptions.Builder options = flags.builder(policy).policyOptions(own);
            return (!isDenseGiven && layers < SMALL ? options.denseLayers(0) : options).build();
        };
    }
}
