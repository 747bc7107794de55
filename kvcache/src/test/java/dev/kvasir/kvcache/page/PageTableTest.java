package dev.kvasir.kvcache.page;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PageTableTest {

    @Test
    void residentsAscendWhateverTheOrderOfComing() {
        var table = new PageTable(8);
        table.put(5, 50);
        table.put(1, 10);
        table.put(7, 70);
        table.put(3, 30);
        assertThat(table.size()).isEqualTo(4);
        assertThat(new int[]{table.page(0), table.page(1), table.page(2), table.page(3)}).containsExactly(1, 3, 5, 7);
        assertThat(table.remove(3)).isEqualTo(30);
        assertThat(table.contains(3)).isFalse();
        assertThat(table.frame(3)).isEqualTo(PageTable.ABSENT);
        assertThat(table.page(1)).isEqualTo(5);
    }

    @Test
    void aPageThatLeavesHoldsItsFrameAndIsNoResident() {
        var table = new PageTable(4);
        table.put(1, 0);
        table.put(2, 9);
        table.leave(1);
        assertThat(table.isLeaving(1)).isTrue();
        assertThat(table.contains(1)).isFalse();
        assertThat(table.frame(1)).isEqualTo(PageTable.ABSENT);
        assertThat(table.size()).isEqualTo(1);
        assertThatThrownBy(() -> table.put(1, 3)).hasMessage("page 1 is in frame 0 already");
        assertThatThrownBy(() -> table.remove(1)).hasMessage("page 1 has no frame to leave");
        assertThat(table.release(1)).isZero();
        assertThat(table.isLeaving(1)).isFalse();
        assertThatThrownBy(() -> table.release(2)).hasMessage("page 2 is not leaving");
    }

    @Test
    void aPageHasOneFrame() {
        var table = new PageTable(4);
        table.put(2, 9);
        assertThatThrownBy(() -> table.put(2, 8)).isInstanceOf(IllegalStateException.class)
                .hasMessage("page 2 is in frame 9 already");
        assertThatThrownBy(() -> table.remove(1)).isInstanceOf(IllegalStateException.class)
                .hasMessage("page 1 has no frame to leave");
    }

    @Test
    void itIsWhatAMapWouldBe() {
        var random = new SplittableRandom(1);
        var table = new PageTable(100);
        var map = new TreeMap<Integer, Integer>();
        for (int i = 0; i < 5000; i++) {
            int page = random.nextInt(100);
            if (map.containsKey(page)) {
                assertThat(table.remove(page)).isEqualTo(map.remove(page));
            } else {
                map.put(page, i);
                table.put(page, i);
            }
            assertThat(table.size()).isEqualTo(map.size());
        }
        int at = 0;
        for (var entry : map.entrySet()) {
            assertThat(table.page(at++)).isEqualTo(entry.getKey());
            assertThat(table.frame(entry.getKey())).isEqualTo(entry.getValue());
        }
    }
}
