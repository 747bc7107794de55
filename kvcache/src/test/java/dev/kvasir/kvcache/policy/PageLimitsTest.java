package dev.kvasir.kvcache.policy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PageLimitsTest {

    @ParameterizedTest
    @CsvSource({"512, 32, 8", "1024, 32, 16", "2048, 32, 32", "4096, 32, 40", "512, 16, 16", "1024, 16, 32",
        "2048, 16, 64", "4096, 16, 80"})
    void kIsThePapers(int budgetTokens, int pageSize, int k) {
        assertThat(PageLimits.of(budgetTokens / pageSize, 2, 2, 1280, pageSize).selected()).isEqualTo(k);
    }

    @Test
    void theGuaranteedPagesAreOneMoreThanTheOriginalsTopk() {
        // The original's CLI: 1 sink, 2 of window, K = 32 means 30 scored pages.
        var limits = PageLimits.of(60, 1, 2, 1280, 32);
        int original = limits.selected() + limits.sinks() + limits.window() - 1;
        assertThat(limits.selected()).isEqualTo(30);
        assertThat(original).isEqualTo(32);
    }

    @Test
    void fromTheFloorOnThereIsAPageToEvictForEachWinner() {
        for (int sinks = 0; sinks <= 4; sinks++) {
            for (int window = 2; window <= 6; window++) {
                int floor = PageLimits.floor(sinks, window);
                for (int budget = floor; budget < floor + 50; budget++) {
                    for (int topk = 32; topk <= 2048; topk *= 4) {
                        var limits = PageLimits.of(budget, sinks, window, topk, 32);
                        assertThat(limits.selected()).isPositive();
                        assertThat(budget - sinks - window).isGreaterThanOrEqualTo(limits.selected());
                    }
                }
            }
        }
    }
}
