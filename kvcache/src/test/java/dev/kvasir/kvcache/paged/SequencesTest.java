package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.RandomTokens;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Many sequences in one pool, and conversations that go on. */
class SequencesTest {
    private static final CacheShape SHAPE = new CacheShape(2, 2, 2, 4);
    private static final CacheOptions OPTIONS = CacheRun.options("arkvale")
            .pageSize(4)
            .budget(Budget.pages(8))
            .denseLayers(1)
            .build();

    @Test
    void sequencesOfDifferentLengthsStepTogetherAsEachWouldAlone() {
        int[] prompts = {3, 90, 41};
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, OPTIONS, 200, 3), ReferenceKvDevice::new,
                CacheEvents.NONE)) {
            var together = new CacheRun[prompts.length];
            for (int i = 0; i < prompts.length; i++) {
                together[i] = CacheRun.in(cache, SHAPE, OPTIONS, 120 + 40 * i, i);
                together[i].prompt(prompts[i], 32);
            }
            for (int step = 0; step < 60; step++) {
                for (var run : together) {
                    run.sequence.beginStep();
                }
                for (int layer = 0; layer < SHAPE.layers(); layer++) {
                    for (var run : together) {
                        run.stepLayer(layer, run.normal(8), run.normal(8), run.normal(8));
                    }
                }
                for (var run : together) {
                    run.checkTables();
                }
            }
            for (int i = 0; i < prompts.length; i++) {
                try (var alone = new CacheRun(SHAPE, OPTIONS, 120 + 40 * i, i)) {
                    alone.prompt(prompts[i], 32);
                    for (int step = 0; step < 60; step++) {
                        alone.step();
                    }
                    assertThat(together[i].outputs).usingElementComparator(Arrays::compare).isEqualTo(alone.outputs);
                }
            }
            together[1].close();
            together[0].checkTables();
            together[2].close();
            together[0].close();
            assertThat(cache.pool().used()).isZero();
            assertThat(cache.host().used()).isZero();
        }
    }

    @Test
    void theQuestionGoesInTokenByTokenUnderThePolicy() {
        try (var run = new CacheRun(SHAPE, OPTIONS, 200, 4)) {
            run.prompt(100, 100);
            assertThat(run.sequence.length()).isEqualTo(100);
            run.sequence.beginStep();
            assertThat(run.sequence.length()).isEqualTo(101);
            run.stepLayer(0, run.normal(8), run.normal(8), run.normal(8));
            run.stepLayer(1, run.normal(8), run.normal(8), run.normal(8));
            assertThatThrownBy(() -> run.sequence.fillRandom(10, 1)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("this text goes into an empty sequence, and this one holds 101 tokens");
            for (int i = 0; i < 30; i++) {
                run.step();
            }
        }
    }

    @Test
    void callsOutOfOrderAreRefused() {
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, OPTIONS, 100, 1), ReferenceKvDevice::new,
                CacheEvents.NONE);
                var sequence = cache.open(100)) {
            float[] row = new float[8];
            assertThatThrownBy(() -> sequence.step(0, row, 0, row, 0, row, 0, row, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> sequence.prefill(0, row, row, row, 1, row)).isInstanceOf(
                    IllegalStateException.class).hasMessageContaining("beginPrefill");
            sequence.beginPrefill(2);
            assertThatThrownBy(() -> sequence.prefill(1, row, row, row, 1, row)).isInstanceOf(
                    IllegalStateException.class);
            sequence.prefill(0, row, row, row, 1, row);
            assertThatThrownBy(() -> sequence.endPrefill(0)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("layer 0 cannot end: layer 0 is being read and lacks 1 tokens");
            assertThatThrownBy(sequence::beginStep).isInstanceOf(IllegalStateException.class);
        }
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, OPTIONS, 100, 1), ReferenceKvDevice::new,
                CacheEvents.NONE);
                var sequence = cache.open(100)) {
            float[] row = new float[8];
            sequence.beginStep();
            assertThatThrownBy(() -> sequence.step(1, row, 0, row, 0, row, 0, row, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("step 1 is at layer 0, not at layer 1");
            sequence.step(0, row, 0, row, 0, row, 0, row, 0);
            assertThatThrownBy(sequence::beginStep).isInstanceOf(IllegalStateException.class)
                    .hasMessage("step 1 ended at layer 1 of 2");
        }
    }

    @Test
    void randomTokensFillASequenceAsAPromptWould() {
        try (var run = new CacheRun(SHAPE, OPTIONS, 200, 4); var again = new CacheRun(SHAPE, OPTIONS, 200, 5)) {
            run.sequence.fillRandom(131, 6);
            again.sequence.fillRandom(131, 6);
            assertThat(run.sequence.length()).isEqualTo(131);
            assertThat(run.events.stream().filter(e -> e.kind() != CacheEvents.Kind.BACKED_UP).toList())
                    .isEqualTo(again.events.stream().filter(e -> e.kind() != CacheEvents.Kind.BACKED_UP).toList());
            var stats = run.cache.stats();
            assertThat(stats.filled()).isEqualTo(2 * 32);
            assertThat(stats.backedUp()).isEqualTo(32);
            assertThat(stats.evicted()).isEqualTo(33 - 8);
            assertThat(run.sequence.group(1, 0).table.size()).isEqualTo(8);
            assertThat(run.sequence.group(1, 0).digests.digests()).isEqualTo(32);
        }
    }

    @Test
    void randomNumbersAreNormal() {
        var random = new RandomTokens(3, 64);
        float[] rows = new float[64 * 2000];
        random.fill(rows, 2000, 64);
        double sum = 0;
        double squares = 0;
        for (float x : rows) {
            sum += x;
            squares += x * x;
        }
        assertThat(sum / rows.length).isBetween(-0.02, 0.02);
        assertThat(squares / rows.length).isBetween(0.97, 1.03);
    }
}
