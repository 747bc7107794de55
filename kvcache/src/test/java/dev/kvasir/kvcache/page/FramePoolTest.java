package dev.kvasir.kvcache.page;

import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FramePoolTest {

    @Test
    void everyFrameGoesOutOnceLowestFirst() {
        var pool = new FramePool(3);
        assertThat(new int[]{pool.take(), pool.take(), pool.take()}).containsExactly(0, 1, 2);
        assertThatThrownBy(pool::take).isInstanceOf(IllegalStateException.class)
                .hasMessage("all 3 frames are taken: more were taken than reserved");
    }

    @Test
    void theFrameFreedLastGoesOutNext() {
        var pool = new FramePool(4);
        pool.take();
        int second = pool.take();
        pool.free(second);
        assertThat(pool.take()).isEqualTo(second);
        assertThat(pool.used()).isEqualTo(2);
        assertThat(pool.peak()).isEqualTo(2);
    }

    @Test
    void aFrameIsNotFreedTwice() {
        var pool = new FramePool(2);
        pool.free(pool.take());
        assertThatThrownBy(() -> pool.free(0)).isInstanceOf(IllegalStateException.class)
                .hasMessage("frame 0 is freed twice");
    }

    @Test
    void onlyItsOwnFramesAreFreed() {
        var pool = new FramePool(2);
        assertThatThrownBy(() -> pool.free(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool.free(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noFrameHasTwoHoldersUnderManyThreads() throws Exception {
        var pool = new FramePool(32);
        var holders = new AtomicIntegerArray(32);
        try (var executor = Executors.newFixedThreadPool(8)) {
            var results = new ArrayList<Future<?>>();
            for (int t = 0; t < 8; t++) {
                results.add(executor.submit(() -> {
                    int[] held = new int[4];
                    for (int round = 0; round < 5000; round++) {
                        for (int i = 0; i < held.length; i++) {
                            held[i] = pool.take();
                            assertThat(holders.incrementAndGet(held[i])).isEqualTo(1);
                        }
                        for (int frame : held) {
                            holders.decrementAndGet(frame);
                            pool.free(frame);
                        }
                    }
                }));
            }
            for (var result : results) {
                result.get();
            }
        }
        assertThat(pool.used()).isZero();
    }
}
