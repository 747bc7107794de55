package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CachePlan;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CacheOptionsTest {
    private static final CacheShape SHAPE = new CacheShape(4, 8, 4, 16);

    private static void assertRefused(UnaryOperator<CacheOptions.Builder> change, String message) {
        assertThatThrownBy(
                () -> PagedCache.create(CachePlan.of(SHAPE,
                        change.apply(CacheOptions.builder().policy(Policies.named("arkvale"))).build(),
                        1000, 1), (geometry, frames) -> {
                            throw new AssertionError("memory is allocated before the options are checked");
                        }, CacheEvents.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void theDefaultsAreThePapers() {
        var options = CacheOptions.FULL;
        assertThat(options.pageSize()).isEqualTo(32);
        assertThat(options.sinkPages()).isEqualTo(2);
        assertThat(options.windowPages()).isEqualTo(2);
        assertThat(options.denseLayers()).isEqualTo(2);
        assertThat(options.topkTokens()).isEqualTo(1280);
        assertThat(options.toBuilder().build()).isEqualTo(options);
    }

    @Test
    void aBudgetBelowItsFloorIsRefusedWithWhatWouldDo() {
        assertRefused(o -> o.budget(Budget.tokens(64)), "budget 64 tokens holds 2 pages of 32; this policy needs at"
                + " least 8 (twice 2 sink + 2 window): raise CacheOptions.budget to 256 or lower CacheOptions.pageSize to 8");
        assertRefused(o -> o.budget(Budget.parse("10%")), "budget 10% of 1000 tokens holds 4 pages of 32; this policy"
                + " needs at least 8 (twice 2 sink + 2 window): raise CacheOptions.budget to 256 or lower CacheOptions.pageSize to 8");
        assertRefused(o -> o.budget(Budget.pages(7)), "budget 7p holds 7 pages of 32; this policy needs at least"
                + " 8 (twice 2 sink + 2 window): raise CacheOptions.budget to 8p");
        assertRefused(o -> o.budget(Budget.tokens(16)).policy(Policies.named("streaming-llm")),
                "budget 16 tokens holds 0 pages of 32;"
                        + " this policy needs at least 8 (twice 2 sink + 2 window): raise CacheOptions.budget to 256");
    }

    @Test
    void theFullPolicyAsksForNoBudget() {
        try (var cache = PagedCache.create(
                CachePlan.of(SHAPE, CacheOptions.builder().budget(Budget.tokens(1)).build(), 100, 1),
                ReferenceKvDevice::new, CacheEvents.NONE); var sequence = cache.open(100)) {
            assertThat(sequence.length()).isZero();
        }
    }

    @Test
    void impossibleOptionsAreRefusedWithWhatToDo() {
        assertRefused(o -> o.pageSize(24),
                "page size 24 is no power of two from 4 to 128: set CacheOptions.pageSize to 16 or 32");
        assertRefused(o -> o.pageSize(256),
                "page size 256 is no power of two from 4 to 128: set CacheOptions.pageSize to 16 or 32");
        assertRefused(o -> o.sinkPages(-1), "-1 sink pages: set CacheOptions.sinkPages to 0 or more");
        assertRefused(o -> o.windowPages(1),
                "1 window pages: the page being filled and the one before must stay, set CacheOptions.windowPages to 2 or more");
        assertRefused(o -> o.topkTokens(16), "16 selected tokens a step are less than one page of 32: raise"
                + " CacheOptions.topkTokens to 32 or lower CacheOptions.pageSize");
        assertRefused(o -> o.groups(new Groups(3)),
                "3 selection groups do not divide 4 KV heads: set CacheOptions.groups to layer, kv-head or a divisor of 4");
        assertRefused(o -> o.policy(Policies.named("arkvail")),
                "there is no policy 'arkvail'; there are full, random, streaming-llm, h2o, tova, scissorhands, roco, snapkv, pyramid, ada, snapstream, keyformer, q-hitter, quest, sparq, alisa, infllm, arkvale, every-other, in-blocks, high-keys");
        assertRefused(o -> o.policyOptions(Map.of("speed", "9")), "policy arkvale has no option 'speed'; it has none");
        assertRefused(o -> o.hostMemory(-1),
                "memory sizes 0, -1 and 0 must not be negative: 0 means as much as the context needs, and no prefix cache");
    }
}
