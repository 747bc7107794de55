package dev.kvasir.kernels.parallel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void everyWorkerRunsEveryTaskOnce(int size) {
        try (var workers = new Workers(size)) {
            var runs = new AtomicIntegerArray(size);
            for (int i = 0; i < 2_000; i++) {
                workers.run((worker, of) -> {
                    assertThat(of).isEqualTo(size);
                    runs.incrementAndGet(worker);
                });
            }
            for (int worker = 0; worker < size; worker++) {
                assertThat(runs.get(worker)).isEqualTo(2_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void rangesCoverEveryIndexOnce(int size) {
        try (var workers = new Workers(size)) {
            for (int n : new int[]{0, 1, 7, 64, 1000}) {
                for (int grain : new int[]{1, 3, 64, Integer.MAX_VALUE}) {
                    var seen = new AtomicIntegerArray(Math.max(1, n));
                    workers.forEachRange(n, grain, (worker, from, to) -> {
                        assertThat(from).isLessThan(to);
                        for (int i = from; i < to; i++) {
                            seen.incrementAndGet(i);
                        }
                    });
                    for (int i = 0; i < n; i++) {
                        assertThat(seen.get(i)).isEqualTo(1);
                    }
                }
            }
        }
    }

    @Test
    void writesOfOneRunAreSeenByTheNext() {
        try (var workers = new Workers(2)) {
            int[] plain = new int[2];
            for (int i = 0; i < 20_000; i++) {
                int expected = i;
                workers.run((worker, of) -> {
                    if (plain[1 - worker] < expected) {
                        throw new AssertionError("run " + expected + " sees " + plain[1 - worker]);
                    }
                });
                workers.run((worker, of) -> plain[worker] = expected + 1);
            }
            assertThat(plain).containsOnly(20_000);
        }
    }

    @Test
    void workersThatParkedAreWoken() {
        try (var workers = new Workers(2)) {
            var runs = new AtomicInteger();
            for (int i = 1; i <= 3; i++) {
                workers.run((worker, of) -> runs.incrementAndGet());
                assertThat(runs.get()).isEqualTo(2 * i);
                awaitState("kvasir-worker-1", Thread.State.WAITING);
            }
        }
    }

    @Test
    void callerParksWhileAWorkerIsSlow() {
        try (var workers = new Workers(2)) {
            Thread caller = Thread.currentThread();
            workers.run((worker, of) -> {
                if (worker == 1) {
                    while (caller.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
            });
        }
    }

    @Test
    void aRangeWaitsForNoWorkerThatTookNothing() throws InterruptedException {
        try (var workers = new Workers(2)) {
            var busy = new CountDownLatch(1);
            var free = new AtomicBoolean();
            BooleanSupplier work = () -> {
                busy.countDown();
                while (!free.get()) {
                    Thread.onSpinWait();
                }
                return false;
            };
            workers.addIdleWork(work);
            workers.wakeOneForIdleWork();
            busy.await();
            var sum = new AtomicInteger();
            for (int i = 0; i < 100; i++) {
                workers.forEachRange(100, 1, (worker, from, to) -> {
                    assertThat(worker).isZero();
                    sum.addAndGet(from);
                });
            }
            free.set(true);
            assertThat(sum.get()).isEqualTo(100 * 4950);
        }
    }

    @Test
    void afterALongWaitTheWorkerRestsAndIsCalledBackWithinALongRange() {
        try (var workers = new Workers(2)) {
            Thread caller = Thread.currentThread();
            var holds = new AtomicBoolean();
            workers.forEachRange(2, 1, (worker, from, to) -> {
                if (worker == 1) {
                    holds.set(true);
                    while (caller.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                    long start = System.nanoTime();
                    while (System.nanoTime() - start < 1_000_000) {
                        Thread.onSpinWait(); // longer than the caller's part
                    }
                } else {
                    while (!holds.get()) {
                        Thread.onSpinWait();
                    }
                }
            });
            var came = new AtomicBoolean();
            workers.forEachRange(Integer.MAX_VALUE, 1 << 10, (worker, from, to) -> {
                if (worker == 1) {
                    came.set(true);
                }
                if (!came.get()) {
                    Thread.onSpinWait();
                }
            });
            assertThat(came).isTrue();
        }
    }

    @Test
    void afterAFailureTheRestOfARangeIsLeftOutAndTheTeamGoesOn() {
        try (var workers = new Workers(3)) {
            for (int i = 0; i < 200; i++) {
                var begun = new AtomicInteger();
                assertThatThrownBy(() -> workers.forEachRange(1_000_000, 1, (worker, from, to) -> {
                    begun.incrementAndGet();
                    throw new IllegalArgumentException("piece " + from);
                })).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("piece");
                assertThat(begun.get()).isBetween(1, 3);
                var sum = new AtomicInteger();
                workers.forEachRange(100, 1, (worker, from, to) -> sum.addAndGet(from));
                assertThat(sum.get()).isEqualTo(4950);
            }
        }
    }

    @Test
    void rangesAndTasksInTurnsLoseNothing() {
        try (var workers = new Workers(3)) {
            long[] perWorker = new long[3];
            long[] cells = new long[97];
            for (int i = 1; i <= 20_000; i++) {
                int n = 1 + i % cells.length;
                workers.forEachRange(n, 1 + i % 5, (worker, from, to) -> {
                    for (int k = from; k < to; k++) {
                        cells[k]++;
                    }
                });
                if (i % 7 == 0) {
                    workers.run((worker, of) -> perWorker[worker]++);
                }
            }
            long expected = 0;
            for (int i = 1; i <= 20_000; i++) {
                expected += 1 + i % cells.length;
            }
            assertThat(LongStream.of(cells).sum()).isEqualTo(expected);
            assertThat(perWorker).containsOnly(20_000 / 7);
        }
    }

    @Test
    void whatWorkersThrowReachesTheCallerAndTheTeamGoesOn() {
        try (var workers = new Workers(3)) {
            for (int i = 0; i < 200; i++) {
                assertThatThrownBy(() -> workers.run((worker, of) -> {
                    if (worker > 0) {
                        throw new IllegalArgumentException("worker " + worker);
                    }
                })).isInstanceOf(IllegalArgumentException.class)
                        .satisfies(
                                e -> assertThat(e.getSuppressed()).hasSize(1));
                var runs = new AtomicInteger();
                workers.run((worker, of) -> runs.incrementAndGet());
                assertThat(runs.get()).isEqualTo(3);
            }
        }
    }

    @Test
    void anErrorOfTheCallersShareWaitsForTheOthers() {
        try (var workers = new Workers(2)) {
            var done = new AtomicInteger();
            assertThatThrownBy(() -> workers.run((worker, of) -> {
                if (worker == 0) {
                    throw new AssertionError("mine");
                }
                done.incrementAndGet();
            })).isInstanceOf(AssertionError.class).hasMessage("mine");
            assertThat(done.get()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aTaskCannotStartAnotherOnItsTeam(int size) {
        try (var workers = new Workers(size)) {
            for (int who = 0; who < size; who++) {
                int nesting = who;
                assertThatThrownBy(() -> workers.run((worker, of) -> {
                    if (worker == nesting) {
                        workers.run((w, o) -> {});
                    }
                })).isInstanceOf(IllegalStateException.class).hasMessageContaining("same team");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aClosedTeamRefusesWork(int size) {
        var workers = new Workers(size);
        workers.close();
        workers.close();
        assertThatThrownBy(() -> workers.run((worker, of) -> {})).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void severalCallersTakeTurns() throws InterruptedException {
        try (var workers = new Workers(2)) {
            int[] counts = new int[2];
            Thread[] callers = new Thread[3];
            for (int c = 0; c < callers.length; c++) {
                callers[c] = new Thread(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        workers.run((worker, of) -> counts[worker]++);
                    }
                });
                callers[c].start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(counts).containsOnly(3_000);
        }
    }

    @Test
    void anInterruptedCallerStillWaitsAndStaysInterrupted() {
        try (var workers = new Workers(2)) {
            var done = new AtomicInteger();
            Thread.currentThread().interrupt();
            workers.run((worker, of) -> done.incrementAndGet());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(done.get()).isEqualTo(2);
        }
    }

    @Test
    void idleWorkIsDoneBetweenTasksAndNeverAfterItWasTakenAway() {
        try (var workers = new Workers(3)) {
            var left = new AtomicInteger(1000);
            BooleanSupplier work = () -> left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            awaitState("kvasir-worker-1", Thread.State.WAITING);
            workers.addIdleWork(work);
            workers.wakeOneForIdleWork();
            while (left.get() > 0) {
                Thread.onSpinWait();
            }
            var sum = new AtomicInteger();
            workers.forEachRange(100, 1, (worker, from, to) -> sum.addAndGet(from));
            assertThat(sum.get()).isEqualTo(4950);
            workers.removeIdleWork(work);
            left.set(1000);
            workers.wakeOneForIdleWork();
            workers.run((worker, of) -> {});
            assertThat(left.get()).isEqualTo(1000);
        }
    }

    private static void awaitState(String name, Thread.State state) {
        while (Thread.getAllStackTraces()
                .keySet()
                .stream()
                .noneMatch(
                        thread -> thread.getName().equals(name) && thread.getState() == state)) {
            Thread.onSpinWait();
        }
    }
}
