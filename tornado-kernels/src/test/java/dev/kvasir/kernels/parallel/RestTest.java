package dev.kvasir.kernels.parallel;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RestTest {
    private static final long MILLI = 1_000_000;

    private final Rest rest = new Rest();
    private long now = -5 * MILLI; // System.nanoTime may be negative

    @Test
    void everyReturnThatFailsDoublesTheRestUpToTheLongest() {
        long[] lengths = new long[8];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = restFor();
            now += 4 * MILLI; // of work, in which it was waited for in vain
        }

        assertThat(lengths).containsExactly(2, 4, 8, 16, 32, 64, 64, 64);
    }

    @Test
    void aWorkerThatWasOfUseForAWhileBeginsAnew() {
        restFor();
        restFor();
        now += Rest.CALM_NANOS - 1;
        assertThat(restFor()).isEqualTo(8);
        now += Rest.CALM_NANOS;
        assertThat(restFor()).isEqualTo(2);
    }

    @Test
    void withANeighbourThatKeepsTheCpuLittleTimeIsLost() {
        long stall = 4 * MILLI;
        long lost = 0;
        long start = now;
        while (now - start < 1000 * MILLI) {
            now += stall;
            lost += stall;
            restFor();
        }

        assertThat(lost).isLessThan((now - start) / 10);
    }

    private long restFor() {
        rest.begin(now);
        assertThat(rest.isOver(now)).isFalse();
        long start = now;
        while (!rest.isOver(now)) {
            now += MILLI / 2;
        }
        return (now - start) / MILLI;
    }
}
