package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.CacheUnit;
import dev.kvasir.kvcache.plan.KvMemoryException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Memory is promised when a sequence is opened, the promise is what it needs, and the counters tell of it. */
class SlotMemoryTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 4);
    private static final CacheOptions OPTIONS = SlotRun.options("h2o").budget(Budget.tokens(30)).denseLayers(1).build();
    private static final long FRAME = 2 * 4 * 4 * 4; // bytes

    private static SlotCache cache(CacheOptions options, int tokens, int sequences) {
        return SlotCache.create(SHAPE, options, tokens, sequences, ReferenceKvDevice::new, CacheEvents.NONE);
    }

    @Test
    void theComputedMemoryIsUsedUpAndNoMore() {
        try (var run = new SlotRun(SHAPE, OPTIONS, 101, 1, ReferenceKvDevice::new)) {
            run.prompt(101, 40);
            var stats = run.cache.stats();
            // Two heads of 26 frames: dense; of 8 in two layers; 18 more while one reads the prompt.
            assertThat(stats.deviceBytesLimit()).isEqualTo(2 * (26 + 2 * 8 + 18) * FRAME);
            assertThat(stats.deviceBytesPeak()).isEqualTo(stats.deviceBytesLimit());
            assertThat(stats.deviceBytes()).isEqualTo(2 * (26 + 2 * 8) * FRAME);
            assertThat(stats.hostBytesLimit()).isZero();
        }
    }

    @Test
    void countersAndEventsAreOfTokensAndKvHeads() {
        try (var run = new SlotRun(SHAPE, OPTIONS, 120, 1, ReferenceKvDevice::new)) {
            run.prompt(100, 40);
            for (int i = 0; i < 20; i++) {
                run.step();
            }
            var stats = run.cache.stats();
            assertThat(stats.unit()).isEqualTo(CacheUnit.TOKEN);
            assertThat(stats.filled()).isEqualTo(120 * 3 * 2);
            assertThat(stats.evicted()).isEqualTo((120 - 30) * 2 * 2);
            assertThat(stats.recalled() + stats.backedUp() + stats.misses()).isZero();
            assertThat(run.cache.counters().events(Kind.EVICTED, 0)).isZero();
            assertThat(run.cache.counters().events(Kind.EVICTED, 2)).isEqualTo((120 - 30) * 2);
            assertThat(run.events).filteredOn(e -> e.kind() == Kind.EVICTED && e.step() == 20)
                    .hasSize(4)
                    .allMatch(e -> e.head() < 2 && e.position() < 119);
        }
    }

    @Test
    void tooLittleDeviceMemoryIsRefusedPartByPart() {
        long needed = 2 * (26 + 2 * 8 + 18) * FRAME;
        cache(OPTIONS.toBuilder().deviceMemory(needed).build(), 101, 1).close();
        assertThatThrownBy(() -> cache(OPTIONS.toBuilder().deviceMemory(needed - 1).build(), 101, 1))
                .isInstanceOf(KvMemoryException.class)
                .hasMessage(
                        "a sequence of 101 tokens needs 15.0 KiB of device memory (dense layers 6.50 KiB, tokens of the"
                                + " other layers 4.00 KiB, the step's choice of them 0 bytes, reading a prompt of that length"
                                + " 4.50 KiB), but 14.9 KiB of 14.9 KiB are free: raise CacheOptions.deviceMemory, or lower contextTokens,"
                                + " CacheOptions.budget or CacheOptions.denseLayers");
    }

    @Test
    void aPolicyThatEvictsNothingNeedsRoomForItsChoice() {
        try (var cache = cache(OPTIONS.toBuilder().policy(Policies.named("high-keys")).build(), 101, 2)) {
            assertThat(cache.stats().deviceBytesLimit()).isEqualTo(2 * 2 * (3 * 26 + 8) * FRAME);
        }
    }

    @Test
    void blocksNeedNoRoomForTheWholePrompt() {
        try (var cache = cache(OPTIONS.toBuilder().policy(Policies.named("in-blocks")).build(), 101, 1)) {
            assertThat(cache.stats().deviceBytesLimit()).isEqualTo(2 * (26 + 2 * 8 + 1) * FRAME);
        }
    }

    @Test
    void aSequenceTooManyIsRefusedAndFitsOnceAnotherIsClosed() {
        try (var cache = cache(OPTIONS, 101, 2)) {
            var first = cache.open(101);
            cache.open(101);
            assertThatThrownBy(() -> cache.open(101)).isInstanceOf(KvMemoryException.class)
                    .hasMessageContaining("but 4.50 KiB of");
            first.close();
            cache.open(101).beginPrefill(50);
        }
    }

    @Test
    void onePromptIsReadAtATime() {
        try (var cache = cache(OPTIONS, 101, 2)) {
            var first = cache.open(101);
            var second = cache.open(101);
            first.beginPrefill(101);
            assertThatThrownBy(() -> second.beginPrefill(101)).isInstanceOf(KvMemoryException.class)
                    .hasMessageContaining("room to read one text at a time");
        }
    }

    @Test
    void aBudgetOfNoTokenIsRefused() {
        assertThatThrownBy(() -> cache(OPTIONS.toBuilder().budget(Budget.parse("0.5%")).build(), 101, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("budget 0.5% of 101 tokens holds no token: raise CacheOptions.budget");
    }

    @Test
    void aShareIsOfTheSequence() {
        try (var cache = cache(OPTIONS.toBuilder().budget(Budget.parse("25%")).build(), 101, 1);
                var sequence = cache.open(101)) {
            sequence.fillRandom(90, 1);
            assertThat(((SlotSequence) sequence).layer(2).count(0)).isEqualTo(25);
            assertThat(((SlotSequence) sequence).layer(0).count(0)).isEqualTo(90);
        }
    }

    @Test
    void eachKindOfCacheRefusesThePoliciesOfTheOther() {
        var pages = OPTIONS.toBuilder().policy(Policies.named("arkvale")).build();
        assertThatThrownBy(() -> cache(pages, 101, 1)).hasMessageContaining("arkvale keeps whole pages");
        assertThatThrownBy(
                () -> PagedCache.create(CachePlan.of(SHAPE, OPTIONS, 101, 1), ReferenceKvDevice::new, CacheEvents.NONE))
                .hasMessageContaining("h2o keeps single tokens");
    }

    @Test
    void callsOutOfOrderAreRefused() {
        float[] q = new float[16];
        try (var cache = cache(OPTIONS, 101, 1); var sequence = cache.open(101)) {
            assertThatThrownBy(() -> sequence.prefill(0, q, q, q, 1, q))
                    .hasMessageContaining("no text was announced");
            assertThatThrownBy(() -> sequence.beginPrefill(102)).hasMessageContaining("opened for 101");
            sequence.beginPrefill(2);
            assertThatThrownBy(() -> sequence.prefill(1, q, q, q, 1, q)).hasMessageContaining("layer 0 is being read");
            assertThatThrownBy(() -> sequence.endPrefill(0)).hasMessageContaining("lacks 2 tokens");
            assertThatThrownBy(sequence::beginStep).hasMessageContaining("the text is not read yet");
        }
        try (var cache = cache(OPTIONS, 101, 1); var sequence = cache.open(101)) {
            assertThatThrownBy(() -> sequence.step(0, q, 0, q, 0, q, 0, q, 0)).hasMessageContaining("step 0");
            sequence.beginStep();
            assertThatThrownBy(() -> sequence.step(1, q, 0, q, 0, q, 0, q, 0)).hasMessageContaining("is at layer 0");
            assertThatThrownBy(sequence::beginStep).hasMessageContaining("ended at layer 0 of 3");
            assertThatThrownBy(() -> sequence.beginPrefill(1)).hasMessageContaining("ended at layer 0 of 3");
        }
    }
}
