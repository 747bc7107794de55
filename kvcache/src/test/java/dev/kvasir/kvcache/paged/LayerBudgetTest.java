package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.FallingPages;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.page.ArkValePolicy;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A page policy divides its budget among the layers, within the memory of equal budgets. */
class LayerBudgetTest {
    private static final CacheShape SHAPE = new CacheShape(4, 4, 2, 8);
    private static final int LENGTH = 120;

    private static CacheOptions options(CachePolicy policy, int pages, int dense) {
        return CacheRun.options("arkvale")
                .policy(policy)
                .pageSize(4)
                .sinkPages(1)
                .windowPages(2)
                .budget(Budget.pages(pages))
                .denseLayers(dense)
                .topkTokens(16)
                .build();
    }

    private static int[] budgets(CacheOptions options) {
        PageLimits[] limits = CachePlan.of(SHAPE, options, LENGTH, 1).limits(LENGTH);
        return Arrays.stream(limits).mapToInt(PageLimits::budget).toArray();
    }

    @Test
    void eachLayerHoldsItsPart() {
        assertThat(budgets(options(new FallingPages(0), 9, 0))).containsExactly(10, 9, 8, 7);
        assertThat(budgets(options(new FallingPages(0), 9, 1))).containsExactly(9, 10, 9, 8);
        assertThat(budgets(options(new ArkValePolicy(), 9, 0))).containsOnly(9);
        assertThat(budgets(options(new FallingPages(0), 30, 0))).as("the budget holds all").containsOnly(30);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void everyInvariantHoldsWithBudgetsThatDiffer(int dense) {
        try (var run = new CacheRun(SHAPE, options(new FallingPages(0), 9, dense), LENGTH, 5)) {
            run.prompt(70, 13); // checks tables, backups, winners and outputs against dense attention
            for (int i = 0; i < 50; i++) {
                run.step();
            }
            assertThat(run.cache.stats().recalled()).isPositive();
        }
    }

    @Test
    void theFramesAreThoseOfEqualBudgets() {
        // 10 + 9 + 8 of three managed layers; the prompt of the layer with least needs a page more in each group
        int groups = 1;
        int equal = CachePlan.of(SHAPE, options(new ArkValePolicy(), 9, 1), LENGTH, 1).frames();
        assertThat(CachePlan.of(SHAPE, options(new FallingPages(0), 9, 1), LENGTH, 1).frames())
                .isEqualTo(equal + groups);
    }

    @Test
    void aDivisionThatDoesNotWorkIsRefused() {
        assertThatThrownBy(() -> budgets(options(new FallingPages(1), 9, 0))).isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "policy falling-pages divides the budget among the layers and takes 38 frames of 36: a division must not take more than equal budgets");
        assertThatThrownBy(() -> budgets(options(new FallingPages(0), 7, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("policy falling-pages gives layer 3 5 pages of 4; it needs at least 6 (");
    }
}
