package dev.kvasir.kvcache;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.page.ArkValePolicy;
import dev.kvasir.kvcache.policy.page.FullPolicy;
import dev.kvasir.kvcache.policy.page.InfLlmPolicy;
import dev.kvasir.kvcache.policy.page.QuestPolicy;
import dev.kvasir.kvcache.policy.page.RandomPolicy;
import dev.kvasir.kvcache.policy.page.StreamingPolicy;
import dev.kvasir.kvcache.policy.token.AlisaPolicy;
import dev.kvasir.kvcache.policy.token.H2oPolicy;
import dev.kvasir.kvcache.policy.token.KeyformerPolicy;
import dev.kvasir.kvcache.policy.token.QHitterPolicy;
import dev.kvasir.kvcache.policy.token.RoCoPolicy;
import dev.kvasir.kvcache.policy.token.ScissorhandsPolicy;
import dev.kvasir.kvcache.policy.token.SnapKvPolicy;
import dev.kvasir.kvcache.policy.token.SnapStreamPolicy;
import dev.kvasir.kvcache.policy.token.SparQPolicy;
import dev.kvasir.kvcache.policy.token.TovaPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** The policies there are: those of this module, then those on the class path, of pages and of tokens. */
public final class Policies {
    private Policies() {}

    /** All policies; of two with one name, this module's own, then the first found. */
    public static List<CachePolicy> all() {
        var policies = new ArrayList<CachePolicy>(
                List.of(new FullPolicy(), new RandomPolicy(), new StreamingPolicy(), new H2oPolicy(), new TovaPolicy(),
                        new ScissorhandsPolicy(), new RoCoPolicy(), new SnapKvPolicy(), new SnapStreamPolicy(),
                        new KeyformerPolicy(), new QHitterPolicy(), new QuestPolicy(), new SparQPolicy(),
                        new AlisaPolicy(), new InfLlmPolicy(), new ArkValePolicy()));
        ServiceLoader.load(PagePolicy.class).forEach(policy -> add(policies, policy));
        ServiceLoader.load(TokenPolicy.class).forEach(policy -> add(policies, policy));
        return policies;
    }

    private static void add(List<CachePolicy> policies, CachePolicy policy) {
        if (policies.stream().noneMatch(known -> known.name().equals(policy.name()))) {
            policies.add(policy);
        }
    }

    /**
     * The policy that the options name, set up with them.
     *
     * @throws IllegalArgumentException if there is none of that name, or it has no such option
     */
    public static CachePolicy of(CacheOptions options) {
        var policy = named(options.policy());
        for (var option : options.policyOptions().keySet()) {
            if (!policy.options().containsKey(option)) {
                throw new IllegalArgumentException("policy %s has no option '%s'; it has %s".formatted(policy.name(),
                        option,
                        policy.options().isEmpty()
                                ? "none"
                                : String.join(", ", new TreeSet<>(policy.options().keySet()))));
            }
        }
        return policy.with(options);
    }

    /**
     * A builder with the defaults of a policy: the general ones, but for those it {@link CachePolicy#presets}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static CacheOptions.Builder presets(String name) {
        return named(name).presets(CacheOptions.builder().policy(name));
    }

    /**
     * The policy of that name.
     *
     * @throws IllegalArgumentException if there is none: the message lists those there are
     */
    public static CachePolicy named(String name) {
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
