package dev.kvasir.kvcache.transfer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CopyLaneTest {
    private static final int SLICE = 32 << 10;
    private static final MemorySegment ANYWHERE = MemorySegment.ofArray(new byte[1]);

    private final List<Long> moved = new ArrayList<>(); // offsets of slices; nothing is copied
    private final PageMove note = (from, fromOffset, to, toOffset, bytes) -> moved.add(fromOffset / SLICE);

    private CopyLane lane(int slices) {
        return new CopyLane(note, (long) slices * SLICE, 4, false, false, Arena.ofAuto());
    }

    private static long offer(CopyLane lane, long slice) {
        return lane.offer(ANYWHERE, slice * SLICE, ANYWHERE, 0);
    }

    @Test
    void slicesAreTakenFromBothEndsAndEachOnce() {
        CopyLane lane = lane(2);
        for (int copy = 0; copy < 3; copy++) {
            offer(lane, 10 * copy);
        }

        assertThat(lane.advanceLast()).isTrue();
        assertThat(lane.advance()).isTrue();
        assertThat(lane.advanceLast()).isTrue();
        assertThat(lane.advanceLast()).isTrue();
        assertThat(lane.done(2)).isTrue();
        assertThat(lane.done(1)).isFalse();
        assertThat(lane.advance()).isTrue();
        assertThat(lane.advance()).isTrue();
        assertThat(lane.advance()).isFalse();
        assertThat(lane.advanceLast()).isFalse();

        assertThat(moved).containsExactly(20L, 0L, 21L, 10L, 1L, 11L);
        assertThat(lane.idle()).isTrue();
    }

    @Test
    void aRingThatOneEndAloneEmptiesGoesOnForTheOther() {
        CopyLane lane = lane(1);
        for (int round = 0; round < 5; round++) {
            for (int copy = 0; copy < 4; copy++) {
                assertThat(offer(lane, round * 4 + copy)).isEqualTo(round * 4L + copy);
            }
            assertThat(offer(lane, 99)).as("the ring is full").isEqualTo(-1);
            while (round % 2 == 0 ? lane.advanceLast() : lane.advance()) {
                assertThat(moved).isNotEmpty();
            }
            assertThat(lane.idle()).isTrue();
        }

        assertThat(moved).containsExactlyInAnyOrderElementsOf(LongStream.range(0, 20).boxed().toList());
    }
}
