package dev.kvasir.kernels.parallel;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RestTest {
    private static final long MILLI = 1_000_000;

    private final Rest rest = new Rest();
    private long now = -5 * MILLI; // System.nanoTime may be negative

    @Test
    void aRestIsEightTimesTheWaitAndEveryReturnThatFailsDoublesIt() {
        long[] lengths = new long[8];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = restFor(MILLI);
            now += MILLI; // of work, in which it was waited for in vain
        }

        assertThat(lengths).containsExactly(8, 16, 32, 64, 128, 256, 256, 256);
    }

    @Test
    void aShortWaitHasTheLeastRestAndALongOneTheLongest() {
        assertThat(restFor(MILLI / 100)).isEqualTo(2);
        now += 1000 * MILLI;
        assertThat(restFor(1000 * MILLI)).isEqualTo(256);
    }

    @Test
    void aWorkerThatWasOfUseForFourRestsBeginsAnew() {
        restFor(MILLI);
        assertThat(restFor(MILLI)).isEqualTo(16);
        now += 4 * 16 * MILLI - 1;
        assertThat(restFor(MILLI)).isEqualTo(32);
        now += 4 * 32 * MILLI;
        assertThat(restFor(MILLI)).isEqualTo(8);
    }

    @Test
    void withANeighbourThatKeepsTheCpuLittleTimeIsLost() {
        long stall = 4 * MILLI;
        long lost = 0;
        long start = now;
        while (now - start < 1000 * MILLI) {
            now += stall;
            lost += stall;
            restFor(stall);
        }

        assertThat(lost).isLessThan((now - start) / 25);
    }

    private long restFor(long waited) {
        rest.begin(now, waited);
        assertThat(rest.isOver(now)).isFalse();
        long start = now;
        while (!rest.isOver(now)) {
            now += MILLI / 2;
        }
        return (now - start) / MILLI;
    }
}
