package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import dev.kvasir.kvcache.transfer.HostTransfers;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A copy that fails fails its sequence: no other, not the cache, and no backup is lost. */
@Timeout(60)
class FailedCopyTest {
    private static final CacheShape SHAPE = new CacheShape(2, 2, 1, 4);
    private static final CacheOptions OPTIONS = CacheRun.options("arkvale")
            .pageSize(4)
            .budget(Budget.pages(8))
            .build();

    /** Copies well until told which way to fail; a failed copy leaves garbage behind. */
    private static final class FailingTransfers implements PageTransfers {
        private final HostTransfers copies;
        private final MemorySegment[] frames;
        private final Set<Long> failed = new HashSet<>();
        boolean backupsFail;
        boolean recallsFail;
        long lastRecall;

        FailingTransfers(MemorySegment[] frames, HostStore host) {
            this.frames = frames;
            copies = new HostTransfers(frames, host);
        }

        @Override
        public long backup(int frame, int slot) {
            long ticket = copies.backup(frame, slot);
            if (backupsFail) {
                failed.add(ticket);
            }
            return ticket;
        }

        @Override
        public long recall(int slot, int frame) {
            long ticket = copies.recall(slot, frame);
            lastRecall = ticket;
            if (recallsFail) {
                copies.await(ticket);
                frames[frame].fill((byte) 0xFF);
                failed.add(ticket);
            }
            return ticket;
        }

        @Override
        public boolean done(long ticket) {
            return copies.done(ticket);
        }

        @Override
        public void await(long ticket) {
            copies.await(ticket);
            if (failed.remove(ticket)) {
                throw new CopyFailedException("a copy failed", new IllegalStateException("the bus is gone"));
            }
        }

        @Override
        public long hiddenNanos() {
            return copies.hiddenNanos();
        }

        @Override
        public long exposedNanos() {
            return copies.exposedNanos();
        }

        @Override
        public void close() {
            copies.close();
        }
    }

    private final FailingTransfers[] copies = new FailingTransfers[1];

    private PagedCache cache(int sequences) {
        return cache(OPTIONS, sequences);
    }

    private PagedCache cache(CacheOptions options, int sequences) {
        return PagedCache.create(CachePlan.of(SHAPE, options, 400, sequences), CacheRun.reference((frames, host) -> {
            copies[0] = new FailingTransfers(frames, host);
            return copies[0];
        }), CacheEvents.NONE);
    }

    private static void stepUntilItFails(CacheRun run) {
        for (int i = 0; i < 200; i++) {
            run.step();
        }
    }

    @Test
    void aFailedRecallFailsTheSequenceAndKeepsTheBackup() {
        try (var cache = cache(2);
                var unlucky = CacheRun.in(cache, SHAPE, OPTIONS, 400, 1);
                var other = CacheRun.in(cache, SHAPE, OPTIONS, 400, 2)) {
            unlucky.prompt(150, 150);
            other.prompt(150, 40);
            copies[0].recallsFail = true;
            assertThatThrownBy(() -> stepUntilItFails(unlucky)).isInstanceOf(CopyFailedException.class);
            copies[0].recallsFail = false;

            for (int layer = 0; layer < SHAPE.layers(); layer++) {
                var group = unlucky.sequence.group(layer, 0);
                for (int page = 0; page < group.pages; page++) {
                    assertThat(group.table.contains(page) || group.backups.isComplete(page)).isTrue();
                }
            }
            assertThatThrownBy(unlucky::step).isInstanceOf(CopyFailedException.class)
                    .hasMessage("this sequence can go no further, close it: a copy failed");
            for (int i = 0; i < 20; i++) {
                other.step();
            }
            unlucky.close();
            other.close();
            assertThat(cache.pool().used()).isZero();
            assertThat(cache.host().used()).isZero();
        }
    }

    @Test
    void aFailedEarlyRecallFailsTheSequenceAndFreesItsFrame() {
        var options = OPTIONS.toBuilder().prefetch(true).build();
        try (var cache = cache(options, 1); var unlucky = CacheRun.in(cache, SHAPE, options, 400, 1)) {
            unlucky.prompt(150, 150);
            var group = unlucky.sequence.group(1, 0);
            unlucky.sequence.beginStep();
            unlucky.stepLayer(0, unlucky.normal(8), unlucky.normal(4), unlucky.normal(4));
            while (group.prefetchedCount == 0) {
                unlucky.stepLayer(1, unlucky.normal(8), unlucky.normal(4), unlucky.normal(4));
                unlucky.sequence.beginStep();
                unlucky.stepLayer(0, unlucky.normal(8), unlucky.normal(4), unlucky.normal(4));
            }
            int page = group.prefetched[group.prefetchedCount - 1];
            assertThat(group.table.contains(page)).isTrue();
            copies[0].failed.add(copies[0].lastRecall);
            assertThatThrownBy(
                    () -> unlucky.stepLayer(1, unlucky.normal(8), unlucky.normal(4), unlucky.normal(4)))
                    .isInstanceOf(CopyFailedException.class);
            assertThat(group.table.contains(page)).isFalse();
            assertThat(group.backups.isComplete(page)).isTrue();
            unlucky.close();
            assertThat(cache.pool().used()).isZero();
            assertThat(cache.host().used()).isZero();
        }
    }

    @Test
    void aFailedBackupKeepsThePageInItsFrameAndFailsTheSequence() {
        try (var cache = cache(2);
                var unlucky = CacheRun.in(cache, SHAPE, OPTIONS, 400, 1);
                var other = CacheRun.in(cache, SHAPE, OPTIONS, 400, 2)) {
            unlucky.prompt(22, 22);
            other.prompt(150, 150);
            copies[0].backupsFail = true;
            assertThatThrownBy(() -> stepUntilItFails(unlucky)).isInstanceOf(CopyFailedException.class);
            copies[0].backupsFail = false;
            var group = unlucky.sequence.group(0, 0);
            int full = (unlucky.sequence.length() - 1) / OPTIONS.pageSize(); // the last token may have found no frame
            for (int page = 0; page < full; page++) {
                assertThat(group.table.contains(page) || group.backups.isComplete(page)).isTrue();
            }
            for (int i = 0; i < 20; i++) {
                other.step();
            }
            unlucky.close();
            other.close();
            assertThat(cache.pool().used()).isZero();
            assertThat(cache.host().used()).isZero();
        }
    }

    @Test
    void aBackupThatFailsInThePromptFailsThePrompt() {
        try (var cache = cache(1); var sequence = cache.open(400)) {
            copies[0].backupsFail = true;
            assertThatThrownBy(() -> sequence.fillRandom(150, 1)).isInstanceOf(CopyFailedException.class);
            sequence.close();
            copies[0].backupsFail = false;
            assertThat(cache.pool().used()).isZero();
            assertThat(cache.host().used()).isZero();
            try (var next = cache.open(400)) {
                next.fillRandom(300, 1);
            }
        }
    }
}
