package dev.kvasir.kvcache.transfer;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
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
class HostCopyStreamTest {
    private static final int PAGE = 192;

    private final Arena arena = Arena.ofAuto();

    private MemorySegment page(int fill) {
        return arena.allocate(PAGE).fill((byte) fill);
    }

    private static byte[] bytes(MemorySegment page) {
        return page.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void whatWasBackedUpComesBack() {
        var host = arena.allocate(4 * PAGE);
        try (var stream = new HostCopyStream(PAGE)) {
            stream.await(stream.backup(page(7), host, 2 * PAGE));
            var frame = page(0);
            long ticket = stream.recall(host, 2 * PAGE, frame);
            stream.await(ticket);
            assertThat(stream.done(ticket)).isTrue();
            assertThat(bytes(frame)).containsOnly(7);
            assertThat(host.asSlice(0, 2 * PAGE).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            assertThat(host.asSlice(3 * PAGE).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void moreCopiesThanTheQueueHoldsAllArrive() {
        int copies = 1000;
        var host = arena.allocate((long) copies * PAGE);
        try (var stream = new HostCopyStream(PAGE, 4, PageMove.COPY)) {
            for (int i = 0; i < copies; i++) {
                stream.backup(page(i), host, (long) i * PAGE);
            }
        }
        for (int i = 0; i < copies; i++) {
            assertThat(bytes(host.asSlice((long) i * PAGE, PAGE))).containsOnly((byte) i);
        }
    }

    @Test
    void oneWhoWaitsCopiesWhileTheStreamsThreadIsHeldUp() {
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
        try (var stream = new HostCopyStream(PAGE, 8, held)) {
            var host = arena.allocate(PAGE);
            stream.backup(page(1), host, 0);
            awaitUninterruptibly(firstIsHeld);
            var frame = page(0);
            var source = page(5);
            long recall = stream.recall(source, 0, frame);
            stream.await(recall); // the stream's thread is stuck in the backup
            assertThat(bytes(frame)).containsOnly(5);
            assertThat(stream.exposedNanos()).isPositive();
            release.countDown();
        }
    }

    @Test
    void copyingWhileNobodyWaitsIsHidden() {
        var host = arena.allocate(PAGE);
        try (var stream = new HostCopyStream(PAGE)) {
            long ticket = stream.backup(page(3), host, 0);
            while (!stream.done(ticket)) {
                Thread.onSpinWait();
            }
            stream.await(ticket);
            assertThat(stream.exposedNanos()).isZero();
            assertThat(bytes(host)).containsOnly(3);
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
        var host = arena.allocate(3 * PAGE);
        try (var stream = new HostCopyStream(PAGE, 4, thirdFails)) {
            long before = stream.backup(page(1), host, 0);
            long bad = stream.backup(page(13), host, PAGE);
            long after = stream.backup(page(2), host, 2 * PAGE);
            stream.await(after);
            stream.await(before);
            assertThatThrownBy(() -> stream.await(bad)).isInstanceOf(CopyFailedException.class)
                    .hasMessageContaining("backup")
                    .hasMessageContaining("bad page");
            assertThat(stream.done(bad)).isTrue();
            assertThat(bytes(host.asSlice(0, PAGE))).containsOnly(1);
            assertThat(bytes(host.asSlice(2 * PAGE))).containsOnly(2);
            assertThat(moves.get()).isEqualTo(5); // two halves of two copies, one of the bad one
        }
    }

    @Test
    void manyThreadsMayCopyBothWaysAtOnce() throws Exception {
        int threads = 6;
        int rounds = 400;
        try (var stream = new HostCopyStream(PAGE, 8, PageMove.COPY);
                var executor = Executors.newFixedThreadPool(threads)) {
            var results = new ArrayList<Future<?>>();
            for (int t = 0; t < threads; t++) {
                long seed = t;
                results.add(executor.submit(() -> thereAndBack(stream, seed, rounds)));
            }
            for (var result : results) {
                result.get();
            }
        }
    }

    @Test
    void idleWorkersCopyBesideOneWhoWaits() {
        try (var workers = new Workers(3); var stream = new HostCopyStream(PAGE, workers)) {
            for (int seed = 0; seed < 4; seed++) {
                thereAndBack(stream, seed, 200);
            }
        }
    }

    @Test
    void whatIdleWorkersHaveNotCopiedIsCopiedAtTheEnd() {
        int copies = 200;
        var host = arena.allocate((long) copies * PAGE);
        try (var workers = new Workers(2)) {
            try (var stream = new HostCopyStream(PAGE, workers)) {
                for (int i = 0; i < copies; i++) {
                    stream.backup(page(i), host, (long) i * PAGE);
                }
            }
            for (int i = 0; i < copies; i++) {
                assertThat(bytes(host.asSlice((long) i * PAGE, PAGE))).containsOnly((byte) i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32 << 10, (32 << 10) + 1, 100_000})
    void pagesOfManySlicesArriveWhole(int pageBytes) {
        var source = arena.allocate(pageBytes);
        for (int i = 0; i < pageBytes; i++) {
            source.set(ValueLayout.JAVA_BYTE, i, (byte) (31 * i + i / 251));
        }
        var host = arena.allocate(3L * pageBytes);
        var frame = arena.allocate(pageBytes);
        try (var workers = new Workers(2); var stream = new HostCopyStream(pageBytes, workers)) {
            stream.await(stream.backup(source, host, pageBytes));
            stream.await(stream.recall(host, pageBytes, frame));
            assertThat(bytes(frame)).isEqualTo(bytes(source));
            assertThat(bytes(host.asSlice(0, pageBytes))).containsOnly(0);
            assertThat(bytes(host.asSlice(2L * pageBytes))).containsOnly(0);
        }
    }

    private static void thereAndBack(HostCopyStream stream, long seed, int rounds) {
        var random = new SplittableRandom(seed);
        try (var own = Arena.ofShared()) {
            int pages = 5;
            var frames = own.allocate((long) pages * PAGE);
            var host = own.allocate((long) pages * PAGE);
            long[] tickets = new long[pages];
            for (int round = 0; round < rounds; round++) {
                byte[] fills = new byte[pages];
                random.nextBytes(fills);
                for (int i = 0; i < pages; i++) {
                    var frame = frames.asSlice((long) i * PAGE, PAGE).fill(fills[i]);
                    tickets[i] = stream.backup(frame, host, (long) i * PAGE);
                }
                for (int i = pages - 1; i >= 0; i--) {
                    stream.await(tickets[i]);
                    var frame = frames.asSlice((long) i * PAGE, PAGE).fill((byte) 0);
                    tickets[i] = stream.recall(host, (long) i * PAGE, frame);
                }
                for (int i = 0; i < pages; i++) {
                    stream.await(tickets[i]);
                    assertThat(bytes(frames.asSlice((long) i * PAGE, PAGE))).containsOnly(fills[i]);
                }
            }
        }
    }

    @Test
    void copyingAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var host = arena.allocate(PAGE);
        var frame = page(1);
        try (var stream = new HostCopyStream(PAGE)) {
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    stream.await(stream.backup(frame, host, 0));
                    stream.await(stream.recall(host, 0, frame));
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
        }
    }

    @Test
    void aClosedStreamTakesNoMore() {
        var stream = new HostCopyStream(PAGE);
        stream.close();
        stream.close();
        assertThatThrownBy(() -> stream.backup(page(0), page(0), 0)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
