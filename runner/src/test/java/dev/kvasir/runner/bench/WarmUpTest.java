package dev.kvasir.runner.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WarmUpTest {
    private static final long SECOND = 1_000_000_000;
    private final WarmUp warmUp = WarmUp.upTo(3);

    @Test
    void itEndsWhenTheMediansOfFiveRoundsDifferByLessThanThreePercent() {
        List<Long> faster = LongStream.of(450, 170, 123, 122, 69, 53, 48, 47, 27, 26).boxed().toList();
        List<Long> threePercentFaster = LongStream.of(100, 100, 100, 100, 100, 97, 97, 97, 97, 97).boxed().toList();
        List<Long> stable = LongStream.of(100, 100, 100, 900, 100, 98, 98, 98, 700, 98).boxed().toList();
        List<Long> becameStable = new ArrayList<>(faster);
        becameStable.addAll(stable);

        assertThat(warmUp.isOver(faster, SECOND)).isFalse();
        assertThat(warmUp.isOver(threePercentFaster, SECOND)).isFalse();
        assertThat(warmUp.isOver(stable, SECOND)).isTrue();
        assertThat(warmUp.isOver(stable.subList(0, 9), SECOND)).isFalse();
        assertThat(warmUp.isOver(becameStable, SECOND)).isTrue();
    }

    @Test
    void itEndsAfterItsTimeButNotBeforeOneRound() {
        assertThat(warmUp.isOver(List.of(), 20 * SECOND)).isFalse();
        assertThat(warmUp.isOver(List.of(20 * SECOND), 20 * SECOND)).isTrue();
        assertThat(warmUp.isOver(List.of(SECOND, SECOND), 2 * SECOND)).isFalse();
        assertThat(warmUp.isOver(List.of(SECOND, SECOND, SECOND), 3 * SECOND)).isTrue();
        assertThat(WarmUp.upTo(0).isOver(List.of(), 0)).isFalse();
        assertThat(WarmUp.upTo(0).isOver(List.of(1L), 1)).isTrue();
    }

    @Test
    void noneHasNoRound() {
        assertThat(WarmUp.NONE.isOver(List.of(), 0)).isTrue();
    }

    @Test
    void timesThatMakeNoSenseAreRefused() {
        for (double seconds : new double[]{-1, Double.NaN, 1e300}) {
            assertThatIllegalArgumentException().isThrownBy(() -> WarmUp.upTo(seconds))
                    .withMessageContaining("--warmup takes a number of seconds from 0")
                    .withMessageContaining(String.valueOf(seconds));
        }
    }
}
