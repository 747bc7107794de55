package dev.kvasir.kvcache.transfer.tornado;

import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CudaPageTransfersTest {
    private static final int PAGE = 48;
    private static final int STRIDE = 64;
    private static final int FRAMES = 200;
    private static final long NO_STREAM = 0;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment device = arena.allocate(FRAMES * STRIDE);
    private final HostStore host = new HostStore(FRAMES, PAGE);
    private final FakeCuda cuda = new FakeCuda();
    private final CudaPageTransfers transfers = new CudaPageTransfers(() -> host, PAGE, STRIDE, cuda::driver);

    @AfterEach
    void free() {
        cuda.copyResult = 0;
        transfers.close();
        host.close();
        cuda.close();
        arena.close();
    }

    private void fillFrame(int frame, int value) {
        device.asSlice((long) frame * STRIDE, STRIDE).fill((byte) value);
    }

    private int byteOfFrame(int frame, int at) {
        return device.get(ValueLayout.JAVA_BYTE, (long) frame * STRIDE + at);
    }

    private void graphComesTo(String task) {
        transfers.dispatch(task, device.address(), NO_STREAM);
    }

    @Test
    void aPageGoesOutAndComesBackIntoAnotherFrameOnAStreamOfItsOwn() {
        fillFrame(3, 7);
        int slot = host.take();
        long backup = transfers.backup(3, slot);
        graphComesTo(CudaPageTransfers.START);
        assertThat(transfers.done(backup)).isFalse();
        transfers.await(backup);
        long recall = transfers.recall(slot, 5);
        transfers.start();
        graphComesTo(CudaPageTransfers.AWAIT);

        assertThat(transfers.done(recall)).isTrue();
        assertThat(byteOfFrame(5, 0)).isEqualTo(7);
        assertThat(byteOfFrame(5, PAGE - 1)).isEqualTo(7);
        assertThat(byteOfFrame(5, PAGE)).as("behind the page").isZero();
        assertThat(cuda.calls).containsSubsequence("stream 1", "to host on stream 1", "to device on stream 1",
                "wait for event 4");
    }

    @Test
    void nothingIsCopiedBeforeAGraphHasToldWhereTheFramesAre() {
        long backup = transfers.backup(0, host.take());
        transfers.start();

        assertThat(cuda.calls).isEmpty();
        assertThatThrownBy(() -> transfers.await(backup)).hasMessageContaining("no graph with a start task has run");
    }

    @Test
    void whereTheStreamOfKernelsIsKnownEventsKeepTheOrderAndNobodyWaits() {
        long kernels = 1000;
        transfers.backup(0, host.take());
        transfers.dispatch(CudaPageTransfers.START, device.address(), kernels);
        transfers.dispatch(CudaPageTransfers.AWAIT, device.address(), kernels);

        assertThat(cuda.calls).containsSubsequence("event 2 on stream 1000", "stream 1 waits for event 2",
                "to host on stream 1", "event 3 on stream 1", "stream 1000 waits for event 3")
                .noneMatch(call -> call.startsWith("wait"));
    }

    @Test
    void kernelsDoNotWaitForCopiesBegunAhead() {
        graphComesTo(CudaPageTransfers.START);
        int[] slots = {host.take(), host.take()};
        transfers.recall(slots[0], 4);
        transfers.start();
        transfers.recall(slots[1], 5);
        transfers.startAhead();
        cuda.calls.clear();
        graphComesTo(CudaPageTransfers.AWAIT);
        assertThat(cuda.calls).containsExactly("wait for event 3");

        cuda.calls.clear();
        graphComesTo(CudaPageTransfers.AWAIT);
        assertThat(cuda.calls).as("nothing is due").isEmpty();
    }

    @Test
    void framesThatMoveAreRefused() {
        graphComesTo(CudaPageTransfers.START);
        assertThatThrownBy(() -> transfers.dispatch(CudaPageTransfers.START, device.address() + STRIDE, NO_STREAM))
                .hasMessageContaining("has moved the frames");
    }

    @Test
    void moreCopiesThanTheRingHoldsAreAllMade() {
        graphComesTo(CudaPageTransfers.START);
        int[] slots = new int[FRAMES];
        long[] tickets = new long[FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            fillFrame(i, i);
            slots[i] = host.take();
            tickets[i] = transfers.backup(i, slots[i]);
        }
        transfers.start();
        for (int i = FRAMES - 1; i >= 0; i--) {
            transfers.await(tickets[i]);
            assertThat(host.memory(slots[i]).get(ValueLayout.JAVA_BYTE, host.offset(slots[i]) + PAGE - 1))
                    .isEqualTo((byte) i);
        }
    }

    @Test
    void aRefusedCopyFailsWhoeverAwaitsIt() {
        graphComesTo(CudaPageTransfers.START);
        long backup = transfers.backup(0, host.take());
        cuda.copyResult = 700;

        assertThatThrownBy(() -> transfers.await(backup)).isInstanceOf(CopyFailedException.class)
                .hasMessageContaining("cuMemcpyDtoHAsync failed with error 700");
    }

    @Test
    void closingEndsTheCopiesAndGivesEverythingBack() {
        int slot = host.take();
        fillFrame(1, 9);
        graphComesTo(CudaPageTransfers.START);
        transfers.backup(1, slot);
        transfers.close();

        assertThat(host.memory(slot).get(ValueLayout.JAVA_BYTE, host.offset(slot))).isEqualTo((byte) 9);
        assertThat(cuda.calls).containsSubsequence("lock", "to host on stream 1", "wait for stream 1", "unlock",
                "destroy stream 1");
    }
}
