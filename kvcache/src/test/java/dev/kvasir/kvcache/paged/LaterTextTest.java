package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Texts that follow on another text or on steps. */
class LaterTextTest {
    private static final CacheShape SHAPE = new CacheShape(2, 4, 2, 8);
    private static final Workers WORKERS = new Workers(2);
    private static final KvDeviceFactory VECTOR = (geometry, frames) -> new VectorKvDevice(geometry, frames, WORKERS);

    @AfterAll
    static void endWorkers() {
        WORKERS.close();
    }

    private static CacheOptions.Builder options(String policy) {
        return CacheRun.options(policy).pageSize(16).budget(Budget.pages(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"arkvale", "infllm", "streaming-llm", "random", "quest", "full"})
    void aTextBehindStepsAttendsToAllThatCanComeBack(String policy) {
        for (var extend : new Extend[]{Extend.EXACT, Extend.SELECT}) {
            for (var groups : new Groups[]{Groups.LAYER, Groups.KV_HEAD}) {
                try (var run = new CacheRun(SHAPE, options(policy).extend(extend).groups(groups).build(), 1000, 3)) {
                    run.prompt(300, 64);
                    for (int i = 0; i < 20; i++) {
                        run.step();
                    }
                    run.prompt(200, 48);
                    run.prompt(16, 16);
                    run.prompt(1, 1);
                    for (int i = 0; i < 40; i++) {
                        run.step();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1408, 64, 100", "1104, 16, 512", "1984, 64, 512", "2000, 32, 37"})
    void aPromptBeyondThePrefillBudgetIsReadWithPagesThatLeaveAndComeBack(int prefillBudget, int pageSize, int chunk) {
        int budget = Math.max(320, 8 * pageSize);
        var options = options("arkvale").pageSize(pageSize)
                .budget(Budget.tokens(budget))
                .prefillBudget(prefillBudget)
                .build();
        try (var run = new CacheRun(SHAPE, options, 3000, 3)) {
            run.prompt(2100, chunk);
            for (int i = 0; i < 20; i++) {
                run.step();
            }
            run.prompt(500, chunk);
            run.step();
            assertThat(run.cache.pool().peak() * run.cache.device().geometry().frameBytes())
                    .isLessThanOrEqualTo(framesOf(run, prefillBudget + budget));
            assertThat(run.events).anyMatch(event -> event.kind() == Kind.RECALLED && event.step() == 0);
        }
    }

    /** One layer with the prefill budget, the other with its budget, and digests. */
    private static long framesOf(CacheRun run, int tokens) {
        var plan = CachePlan.of(SHAPE, run.options, 3000, 1);
        long frames = tokens / run.options.pageSize() + 2L * plan.maxDigestFrames();
        return frames * plan.geometry().frameBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1120})
    void aTextInTwoGivesTheBitsOfTheWholeText(int prefillBudget) {
        int tokens = 2000;
        for (int cut : new int[]{512, 1024, 1999}) {
            for (String policy : new String[]{"full", "arkvale"}) {
                var options = options(policy).pageSize(32)
                        .kvType(KvType.F16)
                        .budget(Budget.tokens(320))
                        .prefillBudget(policy.equals("full") ? 0 : prefillBudget)
                        .build();
                float[][] whole = read(options, tokens, tokens);
                float[][] inTwo = read(options, cut, tokens);
                assertThat(inTwo[0]).isEqualTo(Arrays.copyOfRange(whole[0], whole[0].length - inTwo[0].length,
                        whole[0].length));
                assertThat(inTwo[1]).as("decoded").isEqualTo(whole[1]);
            }
        }
    }

    /** Outputs of the last part of the text in both layers, then of ten steps. */
    private static float[][] read(CacheOptions options, int cut, int tokens) {
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, options, 2100, 1), VECTOR, CacheEvents.NONE);
                var sequence = cache.open(2100)) {
            if (cut < tokens) {
                SeededText.read(sequence, SHAPE, 0, cut);
            }
            float[] last = SeededText.read(sequence, SHAPE, cut < tokens ? cut : 0, tokens);
            float[] decoded = SeededText.decode(sequence, SHAPE, tokens, 10);
            return new float[][]{last, decoded};
        }
    }

    @Test
    void aPrefillBudgetBelowItsFloorIsRefusedWithTheFloor() {
        var options = options("arkvale").pageSize(32).budget(Budget.tokens(320)).prefillBudget(1120).build();
        assertThatThrownBy(() -> CachePlan.of(SHAPE, options.toBuilder().prefillBudget(1000).build(), 3000, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a prefill budget of 1000 tokens is too small for layer 0")
                .hasMessageContaining("set CacheOptions.prefillBudget to 1120 or more");
        assertThatThrownBy(() -> CachePlan.of(SHAPE, options("full").prefillBudget(4096).build(), 3000, 1))
                .hasMessageContaining("policy full recalls no pages")
                .hasMessageContaining("leave CacheOptions.prefillBudget at 0");
    }

    @Test
    void aTextIsRefusedWhileAStepLacksLayers() {
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, options("full").build(), 100, 1),
                ReferenceKvDevice::new, CacheEvents.NONE); var sequence = cache.open(100)) {
            sequence.beginStep();
            assertThatThrownBy(() -> sequence.beginPrefill(10)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("step 1 ended at layer 0 of 2");
        }
    }
}
