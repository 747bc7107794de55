package dev.kvasir.lab.study.timing;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StepClockTest {
    private static final CacheShape SHAPE = new CacheShape(2, 4, 2, 8);

    @Test
    void partsAreWhatWasToldAndOthersTheRest() {
        var time = new AtomicLong(100);
        var clock = new StepClock(time::get);
        clock.beginStep();
        time.addAndGet(5);
        long start = clock.now();
        time.addAndGet(30);
        clock.add(StepPart.ATTENTION, start);
        start = clock.now();
        time.addAndGet(7);
        clock.add(StepPart.RECALL, start);
        time.addAndGet(1);
        assertThat(clock.endStep()).containsExactly(6, 0, 0, 7, 30);

        clock.beginStep();
        time.addAndGet(2);
        assertThat(clock.endStep()).containsExactly(2, 0, 0, 0, 0);
    }

    /** The clock advances by one at each reading, so the time of a call is the number of readings during it. */
    @Test
    void partsOfAStepUnderRecallAddUpToIt() {
        var looks = new AtomicLong();
        var clock = new StepClock(looks::getAndIncrement);
        long recalled = 0;
        var options = CacheOptions.builder()
                .policy(Policies.named("arkvale"))
                .budget(Budget.pages(8))
                .pageSize(4)
                .denseLayers(0)
                .topkTokens(16)
                .build();
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, options, 200, 1),
                (geometry, frames) -> new TimedKvDevice(new ReferenceKvDevice(geometry, frames), clock),
                CacheEvents.NONE);
                var sequence = cache.open(200)) {
            sequence.fillRandom(120, 1);
            var random = new SplittableRandom(2);
            float[] x = new float[32];
            float[] out = new float[32];
            for (int step = 0; step < 40; step++) {
                for (int i = 0; i < x.length; i++) {
                    x[i] = (float) random.nextGaussian();
                }
                long before = looks.get();
                clock.beginStep();
                sequence.beginStep();
                for (int layer = 0; layer < 2; layer++) {
                    sequence.step(layer, x, 0, x, 0, x, 0, out, 0);
                }
                long[] split = clock.endStep();
                assertThat(Arrays.stream(split).sum()).isEqualTo(looks.get() - before - 1);
                assertThat(split[StepPart.ESTIMATE.ordinal()]).isEqualTo(2); // one score a layer
                assertThat(split[StepPart.SELECT.ordinal()]).isEqualTo(2);
                long nowRecalled = cache.stats().recalled();
                assertThat(split[StepPart.RECALL.ordinal()]).isGreaterThanOrEqualTo(2 * (nowRecalled - recalled));
                assertThat(split[StepPart.ATTENTION.ordinal()]).isBetween(4L, 6L);
                recalled = nowRecalled;
            }
        }
        assertThat(recalled).isPositive();
    }
}
