package dev.kvasir.lab.study.timing;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StepSplitsTest {

    @Test
    void theTypicalStepIsTheMeanOfTheMiddleHalf() {
        var splits = new StepSplits();
        splits.add(new long[]{90_000_000, 0, 0, 0, 0}); // held up
        splits.add(new long[]{1_000_000, 0, 0, 0, 4_000_000});
        splits.add(new long[]{3_000_000, 0, 0, 1_000_000, 2_000_000});
        splits.add(new long[]{1_000_000, 0, 0, 0, 0});
        assertThat(splits.typicalMillis()).containsExactly(2, 0, 0, 0.5, 3);
    }

    @Test
    void nothingHasNoTypicalStep() {
        assertThatThrownBy(() -> new StepSplits().typicalMillis()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tokensASecondAreThoseOfTheMedianStep() {
        assertThat(BatchRun.tokensPerSecond(4, new long[]{9_000_000_000L, 1_000_000, 3_000_000})).isEqualTo(4 / 3e-3);
        assertThat(BatchRun.tokensPerSecond(1, new long[]{1_000_000, 3_000_000})).isEqualTo(500);
    }
}
