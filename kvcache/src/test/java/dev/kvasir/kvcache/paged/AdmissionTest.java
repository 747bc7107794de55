package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvMemoryException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Memory is promised when a sequence is opened, and the promise is exactly what it needs. */
class AdmissionTest {
    private static final CacheShape SHAPE = new CacheShape(3, 2, 1, 4);
    private static final CacheOptions OPTIONS = CacheRun.options("arkvale")
            .pageSize(4)
            .budget(Budget.pages(8))
            .denseLayers(1)
            .build();
    private static final long PAGE = 2 * 4 * 4 * 4; // bytes

    private static PagedCache cache(CacheOptions options, int tokens, int sequences) {
        return PagedCache.create(CachePlan.of(SHAPE, options, tokens, sequences), ReferenceKvDevice::new,
                CacheEvents.NONE);
    }

    @Test
    void theComputedMemoryIsUsedUpAndNoMore() {
        try (var run = new CacheRun(SHAPE, OPTIONS, 160, 1)) {
            run.prompt(160, 160);
            var stats = run.cache.stats();
            // 40 pages: dense 40, two layers of 8 and 10 digest frames, and 32 more while one reads the prompt.
            assertThat(stats.deviceBytesLimit()).isEqualTo((40 + 2 * (8 + 10) + 32) * PAGE);
            assertThat(stats.deviceBytesPeak()).isEqualTo(stats.deviceBytesLimit());
            assertThat(stats.deviceBytes()).isEqualTo((40 + 2 * (8 + 10)) * PAGE);
            assertThat(stats.hostBytes()).isEqualTo(2 * 40 * PAGE).isEqualTo(stats.hostBytesLimit());
        }
    }

    @Test
    void tooLittleDeviceMemoryIsRefusedPartByPart() {
        assertThatThrownBy(() -> cache(OPTIONS.toBuilder().deviceMemory(107 * PAGE).build(), 160, 1))
                .isInstanceOf(KvMemoryException.class)
                .hasMessage(
                        "a sequence of 160 tokens needs 13.5 KiB of device memory (dense layers 5.00 KiB, pages within"
                                + " the budget 2.00 KiB, digests 2.50 KiB, reading a prompt of that length 4.00 KiB), but 13.4"
                                + " KiB of 13.4 KiB are free: raise CacheOptions.deviceMemory, or lower contextTokens, CacheOptions.budget or"
                                + " CacheOptions.denseLayers");
    }

    @Test
    void tooLittleHostMemoryIsRefused() {
        assertThatThrownBy(() -> cache(OPTIONS.toBuilder().hostMemory(79 * PAGE).build(), 160, 1))
                .isInstanceOf(KvMemoryException.class)
                .hasMessageStartingWith(
                        "a sequence of 160 tokens needs 10.0 KiB of host memory (80 backups of 128 bytes),"
                                + " but 9.88 KiB of 9.88 KiB are free: raise CacheOptions.hostMemory");
    }

    @Test
    void aSequenceTooManyIsRefusedAndFitsOnceAnotherIsClosed() {
        try (var cache = cache(OPTIONS, 160, 2)) {
            var first = cache.open(160);
            var second = cache.open(160);
            assertThatThrownBy(() -> cache.open(160)).isInstanceOf(KvMemoryException.class);
            second.close();
            second.close();
            var third = cache.open(160);
            first.fillRandom(160, 1);
            third.fillRandom(160, 2);
        }
    }

    @Test
    void thereIsRoomForOnePromptAtATime() {
        try (var cache = cache(OPTIONS, 160, 2); var first = cache.open(160); var second = cache.open(160)) {
            first.beginPrefill(160);
            assertThatThrownBy(() -> second.beginPrefill(160)).isInstanceOf(KvMemoryException.class)
                    .hasMessage(
                            "there is room to read one text at a time and another is being read: end that one first,"
                                    + " or raise CacheOptions.deviceMemory by 4.00 KiB");
            first.close();
            second.fillRandom(160, 1);
            assertThat(second.length()).isEqualTo(160);
        }
    }

    @Test
    void aPromptLongerThanTheSequenceIsRefused() {
        try (var cache = cache(OPTIONS, 160, 1); var sequence = cache.open(100)) {
            assertThatThrownBy(() -> sequence.beginPrefill(101)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "a text of 101 tokens does not fit behind 0 in a sequence opened for 100: raise contextTokens or"
                                    + " shorten it");
            sequence.fillRandom(100, 1);
            assertThatThrownBy(sequence::beginStep).isInstanceOf(IllegalStateException.class)
                    .hasMessage("the sequence holds the 100 tokens it was opened for: raise contextTokens");
        }
    }

    @Test
    void closingTheCacheClosesItsSequences() {
        var cache = cache(OPTIONS, 160, 1);
        var sequence = cache.open(160);
        sequence.fillRandom(90, 1);
        cache.close();
        cache.close();
        assertThatThrownBy(sequence::beginStep).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cache.open(4)).isInstanceOf(IllegalStateException.class);
    }
}
