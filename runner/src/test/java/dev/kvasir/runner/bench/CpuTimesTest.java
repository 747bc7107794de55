package dev.kvasir.runner.bench;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CpuTimesTest {
    private static final List<String> BEFORE = List.of("cpu  1000 50 200 5000 10 5 5 30 7 0",
            "cpu0 500 25 100 2500 5 2 3 15 3 0",
            "cpu1 500 25 100 2500 5 3 2 15 4 0", "intr 5");
    private static final long SECOND = 1_000_000_000;

    @Test
    void whatOthersUsedIsWhatWasBusyWithoutThisProcess() {
        // in a second of two CPUs: 150 ticks busy, of them 20 stolen by another machine, and 50 not
        List<String> after = List.of("cpu  1100 60 210 5045 15 5 15 50 7 0", BEFORE.get(1), BEFORE.get(2));
        CpuTimes before = CpuTimes.of(BEFORE, 3 * SECOND, -SECOND);

        assertThat(CpuTimes.of(after, 3 * SECOND, 0).othersSince(before)).isCloseTo(0.75, within(1e-9));
        assertThat(CpuTimes.of(after, 4 * SECOND, 0).othersSince(before)).isCloseTo(0.25, within(1e-9));
        assertThat(CpuTimes.of(after, 5 * SECOND, 0).othersSince(before)).isZero();
    }

    @Test
    void withoutTimesOfTheMachineNothingIsKnown() {
        CpuTimes before = CpuTimes.of(BEFORE, 0, 0);

        assertThat(CpuTimes.of(List.of(), 1, 1).othersSince(before)).isNaN();
        assertThat(CpuTimes.of(List.of("intr 5"), 1, 1).othersSince(before)).isNaN();
        assertThat(CpuTimes.of(BEFORE, 1, 1).othersSince(before)).isNaN();
    }
}
