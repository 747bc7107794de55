package dev.kvasir.kvcache.option;

import dev.kvasir.kvcache.plan.CacheOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettingTest {
    @Test
    void aRefusalNamesTheSettingsToChange() {
        assertThatThrownBy(() -> CacheOptions.FULL.toBuilder().pageSize(24).build())
                .hasMessage("page size 24 is no power of two from 4 to 128: set CacheOptions.pageSize to 16 or 32")
                .satisfies(e -> assertThat(Setting.namedIn(e)).containsExactly(Setting.PAGE_SIZE));
    }

    @Test
    void aLongerWordIsAnotherOne() {
        assertThat(Setting.namedIn(new IllegalArgumentException("CacheOptions.budgets of x.contextTokens"))).isEmpty();
        assertThat(Setting.namedIn(new IllegalArgumentException())).isEmpty();
        assertThat(Setting.BUDGET.renamed("a budget: raise CacheOptions.budget", "$1")).isEqualTo("a budget: raise $1");
    }
}
