package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A policy from the class path that selects without evicting, as Quest does. */
class AddedPolicyTest {
    private static final CacheShape SHAPE = new CacheShape(1, 2, 1, 4);

    private static List<float[]> outputs(String policy, Map<String, String> policyOptions) {
        var options = CacheRun.options(policy).pageSize(4).budget(Budget.pages(8)).policyOptions(policyOptions).build();
        var outputs = new ArrayList<float[]>();
        var random = new SplittableRandom(4);
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, options, 120, 1), ReferenceKvDevice::new,
                CacheEvents.NONE);
                var sequence = cache.open(120)) {
            sequence.fillRandom(60, 1);
            for (int i = 0; i < 60; i++) {
                float[] q = new float[8];
                float[] out = new float[8];
                for (int d = 0; d < q.length; d++) {
                    q[d] = (float) random.nextGaussian();
                }
                sequence.beginStep();
                sequence.step(0, q, 0, q, 4, q, 0, out, 0);
                outputs.add(out);
            }
            assertThat(cache.stats().evicted()).isZero();
            assertThat(cache.stats().misses()).isZero();
        }
        return outputs;
    }

    @Test
    void itsWinnersAreAllThatIsAttendedTo() {
        assertThat(outputs("every-other", Map.of("phase", "0")).get(50))
                .isNotEqualTo(outputs("every-other", Map.of("phase", "1")).get(50));
    }

    @Test
    void selectingEverythingIsFullAttentionBitForBit() {
        assertThat(outputs("every-other", Map.of("phase", "all"))).usingElementComparator(Arrays::compare)
                .isEqualTo(outputs("full", Map.of()));
    }
}
