package dev.kvasir.kvcache.option;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BudgetTest {

    @ParameterizedTest
    @CsvSource({"2048, 64", "2047, 63", "64p, 64", "25%, 32", "100%, 2147483647", "99.9%, 125", "12.5%, 16", "28%, 35",
        "unlimited, 2147483647"})
    void aBudgetHoldsWholePages(String text, int pages) {
        assertThat(Budget.parse(text).pages(32, 4000)).isEqualTo(pages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2048", "64p", "25%", "12.5%", "unlimited"})
    void itPrintsAsItWasWritten(String text) {
        assertThat(Budget.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "12q", "p", "%", "1e3", "2147483648"})
    void whatIsNoNumberIsRefused(String text) {
        assertThatThrownBy(() -> Budget.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write tokens (2048), pages (64p), a share (25%), auto or unlimited");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "0p", "0%", "101%"})
    void whatHoldsNothingOrTooMuchIsRefused(String text) {
        assertThatThrownBy(() -> Budget.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("budget " + text);
    }

    @Test
    void aShareIsRoundedUpAndTheWholeEvictsNothing() {
        assertThat(Budget.parse("28%").inTokens(32, 100)).isEqualTo(28);
        assertThat(Budget.parse("0.001%").pages(32, 100)).isEqualTo(1);
        assertThat(Budget.parse("100%").inTokens(4, 67)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void numbersAtTheEdgeOfAnIntDoNotOverflow() {
        assertThat(Budget.parse("2147483647p").inTokens(128, 100)).isEqualTo(Integer.MAX_VALUE);
        assertThat(Budget.parse("50%").inTokens(32, Integer.MAX_VALUE)).isEqualTo((1 << 30) - 1);
        assertThat(Budget.parse("50%").pages(4, Integer.MAX_VALUE)).isEqualTo(1 << 28);
    }

    @Test
    void groupsAreNamedOrCounted() {
        assertThat(Groups.parse("layer").of(8)).isEqualTo(1);
        assertThat(Groups.parse("kv-head").of(8)).isEqualTo(8);
        assertThat(Groups.parse("4").of(8)).isEqualTo(4);
        assertThat(Groups.parse("kv-head")).hasToString("kv-head");
        assertThatThrownBy(() -> Groups.parse("3").of(8)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "3 selection groups do not divide 8 KV heads: set CacheOptions.groups to layer, kv-head or a divisor of 8");
        assertThatThrownBy(() -> Groups.parse("heads")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Groups.parse("0")).isInstanceOf(IllegalArgumentException.class);
    }
}
