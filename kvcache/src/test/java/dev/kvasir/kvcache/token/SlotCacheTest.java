package dev.kvasir.kvcache.token;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/** Long random runs; {@link SlotRun} checks every token held and every output after each step. */
class SlotCacheTest {

    @Property(tries = 60, seed = "20231130", shrinking = ShrinkingMode.OFF)
    void theBudgetIsHeldExactlyAndWhatIsHeldIsWhatIsAttended(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        int kvHeads = 1 << random.nextInt(3);
        var shape = new CacheShape(1 + random.nextInt(3), kvHeads * (1 + random.nextInt(3)), kvHeads,
                2 + random.nextInt(4));
        int budget = 1 + random.nextInt(40);
        var policies = new String[]{"h2o", "tova", "in-blocks", "high-keys"};
        var policy = policies[random.nextInt(policies.length)];
        var options = SlotRun.options(policy)
                .pageSize(4 << random.nextInt(2))
                .budget(Budget.tokens(budget))
                .denseLayers(random.nextInt(3))
                .build();
        int prompt = random.nextInt(80);
        int steps = 1 + random.nextInt(60);
        try (var team = new Workers(1 + random.nextInt(2))) {
            KvDeviceFactory devices = random.nextBoolean()
                    ? ReferenceKvDevice::new
                    : (geometry, frames) -> new VectorKvDevice(geometry, frames, team);
            try (var run = new SlotRun(shape, options, prompt + steps, random.nextLong(), devices)) {
                if (prompt > 0) {
                    run.prompt(prompt, 1 + random.nextInt(prompt));
                }
                for (int i = 0; i < steps; i++) {
                    run.step();
                    checkFull(run, budget);
                }
            }
        }
    }

    private static void checkFull(SlotRun run, int budget) {
        for (int layer = 0; layer < run.shape.layers(); layer++) {
            boolean isDense = layer < run.options.denseLayers() || run.options.policy().name().equals("high-keys");
            int expected = isDense ? run.sequence.length() : Math.min(run.sequence.length(), budget);
            for (int head = 0; head < run.shape.kvHeads(); head++) {
                assertThat(run.sequence.layer(layer).count(head)).isEqualTo(expected);
            }
        }
    }
}
