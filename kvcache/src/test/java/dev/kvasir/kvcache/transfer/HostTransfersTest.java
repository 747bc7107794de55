package dev.kvasir.kvcache.transfer;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.page.HostStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class HostTransfersTest {
    private static final int PAGE = 192; // bytes
    private static final int PAGES = 5;

    private final Arena arena = Arena.ofAuto();

    /** Frames, each full of the byte of its number and {@code first}. */
    private MemorySegment[] frames(int count, int first) {
        var frames = new MemorySegment[count];
        Arrays.setAll(frames, i -> arena.allocate(PAGE).fill((byte) (first + i)));
        return frames;
    }

    private static HostStore store(int slots, long bytes) {
        var host = new HostStore(slots, bytes);
        for (int i = 0; i < slots; i++) {
            host.take();
        }
        return host;
    }

    private static byte[] slot(HostStore host, int slot) {
        return bytes(host.memory(slot).asSlice(host.offset(slot), host.slotBytes()));
    }

    private static byte[] bytes(MemorySegment page) {
        return page.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void whatWasBackedUpComesBack() {
        var frames = frames(2, 7);
        try (var host = store(4, PAGE); var transfers = new HostTransfers(frames, host)) {
            transfers.await(transfers.backup(0, 2));
            long ticket = transfers.recall(2, 1);
            transfers.await(ticket);
            assertThat(transfers.done(ticket)).isTrue();
            assertThat(bytes(frames[1])).containsOnly(7);
            assertThat(slot(host, 0)).containsOnly(0);
            assertThat(slot(host, 1)).containsOnly(0);
            assertThat(slot(host, 3)).containsOnly(0);
        }
    }

    @Test
    void moreCopiesThanTheQueueHoldsAllArrive() {
        int copies = 1000;
        try (var host = store(copies, PAGE)) {
            try (var transfers = new HostTransfers(frames(copies, 0), host, 4, PageMove.COPY)) {
                for (int i = 0; i < copies; i++) {
                    transfers.backup(i, i);
                }
            }
            for (int i = 0; i < copies; i++) {
                assertThat(slot(host, i)).containsOnly((byte) i);
            }
        }
    }

    @Test
    void aCallerThatWaitsCopiesWhileTheThreadIsHeldUp() {
        var firstIsHeld = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var waiter = Thread.currentThread();
        PageMove held = (from, fromOffset, to, toOffset, n) -> {
            if (Thread.currentThread() != waiter) {
                firstIsHeld.countDown();
                awaitUninterruptibly(release);
            }
            MemorySegment.copy(from, fromOffset, to, toOffset, n);
        };
        var frames = frames(2, 1);
        try (var host = store(2, PAGE); var transfers = new HostTransfers(frames, host, 8, held)) {
            host.memory(1).asSlice(host.offset(1), PAGE).fill((byte) 5);
            transfers.backup(0, 0);
            awaitUninterruptibly(firstIsHeld);
            long recall = transfers.recall(1, 1);
            transfers.await(recall); // the thread of the transfers is held up in the backup
            assertThat(bytes(frames[1])).containsOnly(5);
            assertThat(transfers.exposedNanos()).isPositive();
            release.countDown();
        }
    }

    @Test
    void copyingWhileNobodyWaitsIsHidden() {
        try (var host = store(1, PAGE); var transfers = new HostTransfers(frames(1, 3), host)) {
            long ticket = transfers.backup(0, 0);
            while (!transfers.done(ticket)) {
                Thread.onSpinWait();
            }
            transfers.await(ticket);
            assertThat(transfers.exposedNanos()).isZero();
            assertThat(slot(host, 0)).containsOnly(3);
        }
    }

    @Test
    void aFailedCopyTellsItsWaiterOnceAndHarmsNoOther() {
        var moves = new AtomicInteger();
        PageMove thirdFails = (from, fromOffset, to, toOffset, n) -> {
            moves.incrementAndGet();
            if (from.get(ValueLayout.JAVA_BYTE, fromOffset) == 13) {
                throw new IllegalStateException("bad page");
            }
            MemorySegment.copy(from, fromOffset, to, toOffset, n);
        };
        try (var host = store(3, PAGE); var transfers = new HostTransfers(frames(3, 12), host, 4, thirdFails)) {
            long before = transfers.backup(0, 0);
            long bad = transfers.backup(1, 1);
            long after = transfers.backup(2, 2);
            transfers.await(after);
            transfers.await(before);
            assertThatThrownBy(() -> transfers.await(bad)).isInstanceOf(CopyFailedException.class)
                    .hasMessageContaining("backup")
                    .hasMessageContaining("bad page");
            assertThat(transfers.done(bad)).isTrue();
            assertThat(slot(host, 0)).containsOnly(12);
            assertThat(slot(host, 2)).containsOnly(14);
            assertThat(moves.get()).isEqualTo(5); // two halves of two copies, one of the bad one
        }
    }

    @Test
    void manyThreadsMayCopyBothWaysAtOnce() throws Exception {
        int threads = 6;
        int rounds = 400;
        var frames = frames(threads * PAGES, 0);
        try (var host = store(threads * PAGES, PAGE);
                var transfers = new HostTransfers(frames, host, 8, PageMove.COPY);
                var executor = Executors.newFixedThreadPool(threads)) {
            var results = new ArrayList<Future<?>>();
            for (int t = 0; t < threads; t++) {
                int first = t * PAGES;
                results.add(executor.submit(() -> thereAndBack(transfers, frames, first, rounds)));
            }
            for (var result : results) {
                result.get();
            }
        }
    }

    @Test
    void idleWorkersCopyBesideOneWhoWaits() {
        var frames = frames(4 * PAGES, 0);
        try (var workers = new Workers(3);
                var host = store(4 * PAGES, PAGE);
                var transfers = new HostTransfers(frames, host, workers)) {
            for (int first = 0; first < 4 * PAGES; first += PAGES) {
                thereAndBack(transfers, frames, first, 200);
            }
        }
    }

    @Test
    void whatIdleWorkersHaveNotCopiedIsCopiedAtTheEnd() {
        int copies = 200;
        try (var workers = new Workers(2); var host = store(copies, PAGE)) {
            try (var transfers = new HostTransfers(frames(copies, 0), host, workers)) {
                for (int i = 0; i < copies; i++) {
                    transfers.backup(i, i);
                }
            }
            for (int i = 0; i < copies; i++) {
                assertThat(slot(host, i)).containsOnly((byte) i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32 << 10, (32 << 10) + 1, 100_000})
    void pagesOfManySlicesArriveWhole(int pageBytes) {
        var frames = new MemorySegment[]{arena.allocate(pageBytes), arena.allocate(pageBytes)};
        for (int i = 0; i < pageBytes; i++) {
            frames[0].set(ValueLayout.JAVA_BYTE, i, (byte) (31 * i + i / 251));
        }
        try (var workers = new Workers(2);
                var host = store(3, pageBytes);
                var transfers = new HostTransfers(frames, host, workers)) {
            transfers.await(transfers.backup(0, 1));
            transfers.await(transfers.recall(1, 1));
            assertThat(bytes(frames[1])).isEqualTo(bytes(frames[0]));
            assertThat(slot(host, 0)).containsOnly(0);
            assertThat(slot(host, 2)).containsOnly(0);
        }
    }

    /** Backs up and recalls {@link #PAGES} pages, whose frames and slots begin at {@code first}, again and again. */
    private static void thereAndBack(HostTransfers transfers, MemorySegment[] frames, int first, int rounds) {
        var random = new SplittableRandom(first);
        long[] tickets = new long[PAGES];
        for (int round = 0; round < rounds; round++) {
            byte[] fills = new byte[PAGES];
            random.nextBytes(fills);
            for (int i = 0; i < PAGES; i++) {
                frames[first + i].fill(fills[i]);
                tickets[i] = transfers.backup(first + i, first + i);
            }
            for (int i = PAGES - 1; i >= 0; i--) {
                transfers.await(tickets[i]);
                frames[first + i].fill((byte) 0);
                tickets[i] = transfers.recall(first + i, first + i);
            }
            for (int i = 0; i < PAGES; i++) {
                transfers.await(tickets[i]);
                assertThat(bytes(frames[first + i])).containsOnly(fills[i]);
            }
        }
    }

    @Test
    void copyingAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var host = store(1, PAGE); var transfers = new HostTransfers(frames(1, 1), host)) {
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    transfers.await(transfers.backup(0, 0));
                    transfers.await(transfers.recall(0, 0));
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
        }
    }

    @Test
    void closedTransfersTakeNoMore() {
        try (var host = store(1, PAGE)) {
            var transfers = new HostTransfers(frames(1, 0), host);
            transfers.close();
            transfers.close();
            assertThatThrownBy(() -> transfers.backup(0, 0)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
