package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** With room for everything, and only then, every policy is plain paged attention, bit for bit. */
class EqualsFullTest {
    private static final CacheShape SHAPE = new CacheShape(2, 4, 2, 5);

    private static CacheRun run(CacheOptions options, int maxTokens) {
        var run = new CacheRun(SHAPE, options, maxTokens, 77);
        run.prompt(37, 16);
        for (int i = 0; i < 27; i++) {
            run.step();
        }
        return run;
    }

    @ParameterizedTest
    @CsvSource({"arkvale, 64, layer", "arkvale, 64, kv-head", "arkvale, 1000, layer", "arkvale, unlimited, layer",
        "arkvale, 100%, kv-head", "streaming-llm, 64, layer", "arkvale, 16p, layer",
        "random, 64, layer", "quest, 64, kv-head", "quest, 1000, layer", "infllm, 64, layer", "infllm, 1000, kv-head"})
    void aBudgetThatHoldsTheContextChangesNoBit(String policy, String budget, String groups) {
        var options = CacheRun.options(policy)
                .pageSize(4)
                .groups(Groups.parse(groups))
                .budget(Budget.parse(budget))
                .build();
        // Opened for more than is used: the sequence could outgrow the budget, and digests and backups are made.
        for (int maxTokens : new int[]{64, 90}) {
            if (budget.equals("100%") && maxTokens > 64) {
                continue;
            }
            try (var full = run(options.toBuilder().policy(Policies.named("full")).build(), maxTokens);
                    var budgeted = run(options, maxTokens)) {
                assertThat(budgeted.outputs).usingElementComparator(Arrays::compare)
                        .isEqualTo(full.outputs);
                assertThat(budgeted.cache.stats().evicted()).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"arkvale", "streaming-llm", "random", "quest", "infllm"})
    void oneStepBeyondTheBudgetChangesTheOutput(String policy) {
        var options = CacheRun.options(policy).pageSize(4).budget(Budget.tokens(60)).build();
        try (var full = run(options.toBuilder().policy(Policies.named("full")).build(), 64);
                var budgeted = run(options, 64)) {
            int same = 2 * 23; // outputs of the 23 steps up to 60 tokens
            assertThat(budgeted.outputs.subList(0, same)).usingElementComparator(Arrays::compare)
                    .isEqualTo(full.outputs.subList(0, same));
            assertThat(budgeted.outputs.get(same)).isNotEqualTo(full.outputs.get(same));
        }
    }
}
