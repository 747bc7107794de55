package dev.kvasir.kvcache.page;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DigestStoreTest {

    @Test
    void aFrameIsTakenForEveryPageSizeDigests() {
        var next = new AtomicInteger(100);
        var store = new DigestStore(9, 4, 1);
        for (int page = 0; page < 9; page++) {
            store.add(next::getAndIncrement);
            assertThat(store.digests()).isEqualTo(page + 1);
            assertThat(store.frameCount()).isEqualTo(page / 4 + 1);
        }
        assertThat(store.frames()).containsExactly(100, 101, 102);
    }

    @Test
    void asManyFramesAreTakenAsTheKindOfDigestNeeds() {
        var next = new AtomicInteger(100);
        var store = new DigestStore(5, 4, 3);
        for (int page = 0; page < 5; page++) {
            store.add(next::getAndIncrement);
            assertThat(store.frameCount()).isEqualTo(page < 4 ? 3 : 6);
        }
        assertThat(store.frames()).containsExactly(100, 101, 102, 103, 104, 105);
        assertThat(DigestStore.framesFor(5, 4, 3)).isEqualTo(6);
    }

    /** Else its frame would never be freed, or be freed twice. */
    @Test
    void aFrameTakenBeforeAFailureIsKept() {
        var next = new AtomicInteger(100);
        var store = new DigestStore(4, 4, 2);
        assertThatThrownBy(() -> store.add(() -> {
            if (next.get() == 101) {
                throw new IllegalStateException("none left");
            }
            return next.getAndIncrement();
        })).isInstanceOf(IllegalStateException.class);
        assertThat(store.frameCount()).isEqualTo(1);
        assertThat(store.digests()).isZero();
        store.add(next::getAndIncrement);
        assertThat(store.frames()).containsExactly(100, 101);
    }
}
