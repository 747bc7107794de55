package dev.kvasir.runner.command;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.CacheChoice;
import dev.kvasir.runner.option.CacheFlags;
import dev.kvasir.runner.option.PolicyFlag;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes the caches of an experiment. Several policies share the flags: of {@code --policy-opt} each takes the options that
 * it has. A small model would be dense in half of its layers or more under the usual {@code --dense-layers}, and no policy
 * would show what it does; there the default is none.
 */
final class ExperimentCaches {
    /** What {@code --help} says of the option. */
    static final String DENSE_LAYERS = "first layers that keep everything (default: 2, or 0 for a model of fewer than 16 layers)";

    private static final int SMALL = 16; // layers

    private ExperimentCaches() {}

    static CacheChoice of(CacheFlags flags, boolean isDenseGiven, int layers) {
        return policy -> {
            CacheOptions options = flags.options(policy);
            Map<String, String> known = PolicyFlag.named(policy).options();
            return options.toBuilder()
                    .denseLayers(!isDenseGiven && layers < SMALL ? 0 : options.denseLayers())
                    .policyOptions(options.policyOptions()
                            .entrySet()
                            .stream()
                            .filter(option -> known.containsKey(option.getKey()))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                    .build();
        };
    }
}
