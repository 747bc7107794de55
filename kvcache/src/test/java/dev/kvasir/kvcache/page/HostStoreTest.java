package dev.kvasir.kvcache.page;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HostStoreTest {

    @Test
    void slotsAreApartAlsoAcrossChunks() {
        long slotBytes = 3L << 20; // two a chunk
        try (var store = new HostStore(5, slotBytes)) {
            for (int i = 0; i < 5; i++) {
                int slot = store.take();
                assertThat(slot).isEqualTo(i);
                store.memory(slot).asSlice(store.offset(slot), slotBytes).fill((byte) (i + 1));
            }
            for (int slot = 0; slot < 5; slot++) {
                var memory = store.memory(slot).asSlice(store.offset(slot), slotBytes);
                assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) (slot + 1));
                assertThat(memory.get(ValueLayout.JAVA_BYTE, slotBytes - 1)).isEqualTo((byte) (slot + 1));
            }
            assertThatThrownBy(store::take).isInstanceOf(IllegalStateException.class)
                    .hasMessage("all 5 host slots are taken: more were taken than reserved");
        }
    }

    @Test
    void aFreedSlotIsUsedAgainAndNotFreedTwice() {
        try (var store = new HostStore(200, 64)) {
            for (int i = 0; i < 150; i++) {
                store.take();
            }
            store.free(70);
            assertThatThrownBy(() -> store.free(70)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("host slot 70 is freed twice");
            assertThatThrownBy(() -> store.free(200)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.free(170)).isInstanceOf(IllegalStateException.class);
            assertThat(store.used()).isEqualTo(149);
            assertThat(store.take()).isEqualTo(70);
            assertThat(store.peak()).isEqualTo(150);
        }
    }

    @Test
    void noSlotHasTwoHoldersUnderManyThreads() throws Exception {
        try (var store = new HostStore(64, 64); var executor = Executors.newFixedThreadPool(8)) {
            var results = new ArrayList<Future<?>>();
            for (int t = 0; t < 8; t++) {
                byte mark = (byte) t;
                results.add(executor.submit(() -> {
                    for (int round = 0; round < 3000; round++) {
                        int slot = store.take();
                        var memory = store.memory(slot);
                        memory.asSlice(store.offset(slot), 64).fill(mark);
                        assertThat(memory.get(ValueLayout.JAVA_BYTE, store.offset(slot) + 63)).isEqualTo(mark);
                        store.free(slot);
                    }
                }));
            }
            for (var result : results) {
                result.get();
            }
            assertThat(store.used()).isZero();
        }
    }
}
