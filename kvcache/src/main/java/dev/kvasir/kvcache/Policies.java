package dev.kvasir.kvcache;

import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.page.ArkValePolicy;
import dev.kvasir.kvcache.policy.page.FullPolicy;
import dev.kvasir.kvcache.policy.page.InfLlmPolicy;
import dev.kvasir.kvcache.policy.page.QuestPolicy;
import dev.kvasir.kvcache.policy.page.RandomPolicy;
import dev.kvasir.kvcache.policy.page.StreamingPolicy;
import dev.kvasir.kvcache.policy.token.AdaPolicy;
import dev.kvasir.kvcache.policy.token.AlisaPolicy;
import dev.kvasir.kvcache.policy.token.H2oPolicy;
import dev.kvasir.kvcache.policy.token.KeyformerPolicy;
import dev.kvasir.kvcache.policy.token.PyramidPolicy;
import dev.kvasir.kvcache.policy.token.QHitterPolicy;
import dev.kvasir.kvcache.policy.token.RoCoPolicy;
import dev.kvasir.kvcache.policy.token.ScissorhandsPolicy;
import dev.kvasir.kvcache.policy.token.SnapKvPolicy;
import dev.kvasir.kvcache.policy.token.SnapStreamPolicy;
import dev.kvasir.kvcache.policy.token.SparQPolicy;
import dev.kvasir.kvcache.policy.token.TovaPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The list of policies: those of this module, then those on the class path, of pages and of tokens. */
public final class Policies {
    private Policies() {}

    private static List<CachePolicy> own() {
        return List.of(new FullPolicy(), new RandomPolicy(), new StreamingPolicy(), new H2oPolicy(), new TovaPolicy(),
                new ScissorhandsPolicy(), new RoCoPolicy(), new SnapKvPolicy(), new PyramidPolicy(), new AdaPolicy(),
                new SnapStreamPolicy(),
                new KeyformerPolicy(), new QHitterPolicy(), new QuestPolicy(), new SparQPolicy(), new AlisaPolicy(),
                new InfLlmPolicy(), new ArkValePolicy());
    }

    /** All policies by name; of two with one name, this module's own, then the first found. */
    public static Map<String, CachePolicy> byName() {
        var policies = new LinkedHashMap<String, CachePolicy>();
        own().forEach(policy -> policies.put(policy.name(), policy));
        ServiceLoader.load(PagePolicy.class).forEach(policy -> policies.putIfAbsent(policy.name(), policy));
        ServiceLoader.load(TokenPolicy.class).forEach(policy -> policies.putIfAbsent(policy.name(), policy));
        return policies;
    }

    /** All policies, in the order of {@link #byName}. */
    public static List<CachePolicy> all() {
        return List.copyOf(byName().values());
    }

    /**
     * The policy of that name.
     *
     * @throws IllegalArgumentException if there is none: the message lists all names
     */
    public static CachePolicy named(String name) {
        var policies = byName();
        var policy = policies.get(name);
        if (policy == null) {
            throw new IllegalArgumentException(
                    "there is no policy '%s'; there are %s".formatted(name, String.join(", ", policies.keySet())));
        }
        return policy;
    }
}
