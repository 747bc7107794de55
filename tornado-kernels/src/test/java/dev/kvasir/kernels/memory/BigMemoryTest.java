package dev.kvasir.kernels.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BigMemoryTest {

    /** Around the sizes that share a run of huge pages, and such that some of them need the next run. */
    private static final long[] SIZES = {1, 65_535, 65_536, 65_537, 1_000_001, 2 << 20, (2 << 20) + 64, 15_000_000,
        16 << 20, (16 << 20) + 1, 12_345_678, 16_000_000, 16_000_001, 15_999_999};

    @Test
    void whatIsAllocatedIsZeroAndItsOwn() {
        // Twice: what the first round gave back must not come back dirty.
        for (int round = 0; round < 2; round++) {
            List<Arena> arenas = new ArrayList<>();
            List<MemorySegment> pieces = new ArrayList<>();
            for (int i = 0; i < SIZES.length; i++) {
                Arena arena = Arena.ofShared();
                MemorySegment piece = BigMemory.allocate(arena, SIZES[i]);
                assertThat(piece.byteSize()).isEqualTo(SIZES[i]);
                assertThat(piece.address() % 64).isZero();
                assertThat(isFilledWith(piece, 0)).isTrue();
                piece.fill((byte) (i + 1));
                arenas.add(arena);
                pieces.add(piece);
            }
            var random = new Random(round);
            while (!arenas.isEmpty()) {
                for (MemorySegment piece : pieces) {
                    assertThat(isFilledWith(piece, piece.get(ValueLayout.JAVA_BYTE, 0))).isTrue();
                }
                int leaves = random.nextInt(arenas.size());
                arenas.remove(leaves).close();
                MemorySegment gone = pieces.remove(leaves);
                assertThatThrownBy(() -> gone.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void aPieceGivenBackLeavesItsPagesAndASealedSlabItsAddresses() {
        List<Long> left = new ArrayList<>();
        Arena whole = Arena.ofShared();
        var slab = new Slab(whole.allocate(10 * 4096, 4096), whole, pages -> left.add(pages.byteSize()));
        Arena first = Arena.ofShared();
        Arena second = Arena.ofShared();
        assertThat(slab.take(first, 4 * 4096 + 1)).isPresent();
        assertThat(slab.take(second, 5 * 4096)).isPresent();
        assertThat(slab.take(second, 1)).isEmpty();
        first.close();
        assertThat(left).containsExactly(4 * 4096L);
        slab.seal();
        assertThat(whole.scope().isAlive()).isTrue();
        second.close();
        assertThat(left).containsExactly(4 * 4096L, 5 * 4096L);
        assertThat(whole.scope().isAlive()).isFalse();
    }

    private static boolean isFilledWith(MemorySegment memory, int value) {
        // Every byte equals the one before it.
        return memory.get(ValueLayout.JAVA_BYTE, 0) == (byte) value
                && (memory.byteSize() == 1
                        || memory.asSlice(1).mismatch(memory.asSlice(0, memory.byteSize() - 1)) == -1);
    }
}
