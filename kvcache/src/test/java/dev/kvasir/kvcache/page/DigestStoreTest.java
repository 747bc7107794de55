package dev.kvasir.kvcache.page;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DigestStoreTest {

    @Test
    void aFrameIsTakenForEveryPageSizeDigests() {
        var next = new AtomicInteger(100);
        var store = new DigestStore(9, 4);
        for (int page = 0; page < 9; page++) {
            assertThat(store.lane(page)).isEqualTo(page % 4);
            assertThat(store.add(next::getAndIncrement)).isEqualTo(100 + page / 4);
            assertThat(store.digests()).isEqualTo(page + 1);
            assertThat(store.frameCount()).isEqualTo(page / 4 + 1);
        }
        assertThat(store.frames()).containsExactly(100, 101, 102);
    }
}
