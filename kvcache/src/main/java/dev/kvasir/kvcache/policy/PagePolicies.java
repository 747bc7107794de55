package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.CacheOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The page policies there are: those of this module, then those on the class path. */
public final class PagePolicies {
    private PagePolicies() {}

    /** All policies; of two with one name, this module's own, then the first found. */
    public static List<PagePolicy> all() {
        var policies = new ArrayList<PagePolicy>(
                List.of(new FullPolicy(), new StreamingPolicy(), new ArkValePolicy()));
        for (var policy : ServiceLoader.load(PagePolicy.class)) {
            if (policies.stream().noneMatch(known -> known.name().equals(policy.name()))) {
                policies.add(policy);
            }
        }
        return policies;
    }

    /**
     * The policy that the options name, set up with them.
     *
     * @throws IllegalArgumentException if there is none of that name, or it has no such option
     */
    public static PagePolicy of(CacheOptions options) {
        var policy = named(options.policy());
        for (var option : options.policyOptions().keySet()) {
            if (!policy.options().containsKey(option)) {
                throw new IllegalArgumentException("policy %s has no option '%s'; it has %s".formatted(policy.name(),
                        option, policy.options().isEmpty() ? "none" : String.join(", ", policy.options().keySet())));
            }
        }
        return policy.with(options);
    }

    /**
     * The policy of that name.
     *
     * @throws IllegalArgumentException if there is none: the message lists those there are
     */
    public static PagePolicy named(String name) {
        var names = new ArrayList<String>();
        for (var policy : all()) {
            if (policy.name().equals(name)) {
                return policy;
            }
            names.add(policy.name());
        }
        throw new IllegalArgumentException(
                "there is no policy '%s'; there are %s".formatted(name, String.join(", ", names)));
    }
}
