package dev.kvasir.lab.statistics;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HolmTest {
    @Test
    void theSmallestIsMultipliedByAllAndNoneFallsBelowAnEarlierOne() {
        // by hand: 4 · 0.01 = 0.04, 3 · 0.02 = 0.06, 2 · 0.03 = 0.06, 1 · 0.04 < 0.06
        assertThat(Holm.corrected(0.03, 0.01, 0.04, 0.02)).containsExactly(0.06, 0.04, 0.06, 0.06);
        assertThat(Holm.corrected(0.6, 0.9)).containsExactly(1, 1);
        assertThat(Holm.corrected()).isEmpty();
    }
}
