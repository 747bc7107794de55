package dev.kvasir.kernels.backup;

import dev.kvasir.kernels.backup.reference.PagePacking;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PagePackingTest {
    private static final int BEFORE = 24; // bytes before a page and a backup, which are nobody's

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 16, 32, 40, 48, 64, 80, 96, 128})
    void theFastFormGivesTheBitsOfTheControl(int headDim) {
        try (var arena = Arena.ofConfined()) {
            for (var type : KvType.values()) {
                for (int pageSize : new int[]{4, 16, 128}) {
                    for (var backupType : new BackupType[]{BackupType.Q8_0, BackupType.Q4_0}) {
                        var geometry = new PageGeometry(pageSize, 3, headDim, type);
                        var layout = new PackedPage(geometry, backupType);
                        var page = page(arena, geometry, 3, false);
                        long bytes = PackedPage.bytes(geometry, backupType);
                        var expected = arena.allocate(BEFORE + bytes);
                        var actual = arena.allocate(BEFORE + bytes);
                        var fast = new dev.kvasir.kernels.backup.vector.PagePacking(layout);
                        PagePacking.pack(layout, page, BEFORE, expected, BEFORE);
                        fast.pack(page, BEFORE, actual, BEFORE);
                        assertThat(actual.mismatch(expected)).isEqualTo(-1);

                        var back = arena.allocate(page.byteSize());
                        var control = arena.allocate(page.byteSize());
                        PagePacking.unpack(layout, expected, BEFORE, control, BEFORE);
                        fast.unpack(expected, BEFORE, back, BEFORE);
                        assertThat(back.mismatch(control)).isEqualTo(-1);
                    }
                }
            }
        }
    }

    @Test
    void theErrorIsThatOfTheBits() {
        var geometry = new PageGeometry(32, 2, 64, KvType.F32);
        assertThat(error(geometry, BackupType.Q8_0, false)).isLessThan(0.006);
        assertThat(error(geometry, BackupType.Q4_0, false)).isLessThan(0.09);
        assertThat(error(geometry, BackupType.Q8_0, true)).isLessThan(0.006);
        assertThat(error(geometry, BackupType.Q4_0, true)).as("outliers are spread by the rotation").isLessThan(0.12);
    }

    @Test
    void aPageOfZerosStaysOne() {
        try (var arena = Arena.ofConfined()) {
            var geometry = new PageGeometry(8, 1, 16, KvType.F16);
            var layout = new PackedPage(geometry, BackupType.Q4_0);
            var page = arena.allocate(geometry.frameBytes());
            var backup = arena.allocate(PackedPage.bytes(geometry, BackupType.Q4_0));
            PagePacking.pack(layout, page, 0, backup, 0);
            var back = arena.allocate(geometry.frameBytes());
            back.fill((byte) 1);
            PagePacking.unpack(layout, backup, 0, back, 0);
            for (int d = 0; d < 16; d++) {
                assertThat(Elements.get(KvType.F16, back, geometry.keyOffset(0, 3, d))).isZero();
            }
        }
    }

    @Test
    void aBackupTakesHalfOrAQuarterOfAPage() {
        var geometry = new PageGeometry(32, 8, 64, KvType.F16);
        assertThat(PackedPage.bytes(geometry, BackupType.PAGE)).isEqualTo(65_536);
        assertThat(PackedPage.bytes(geometry, BackupType.Q8_0)).isEqualTo(65_536 * 34 / 64);
        assertThat(PackedPage.bytes(geometry, BackupType.Q4_0)).isEqualTo(65_536 * 18 / 64);
    }

    private static double error(PageGeometry geometry, BackupType type, boolean outliers) {
        try (var arena = Arena.ofConfined()) {
            var layout = new PackedPage(geometry, type);
            var page = page(arena, geometry, 5, outliers);
            var backup = arena.allocate(PackedPage.bytes(geometry, type));
            var back = arena.allocate(page.byteSize());
            PagePacking.pack(layout, page, BEFORE, backup, 0);
            PagePacking.unpack(layout, backup, 0, back, BEFORE);
            double wrong = 0;
            double all = 0;
            for (long at = BEFORE; at < page.byteSize(); at += 4) {
                double expected = Elements.get(KvType.F32, page, at);
                wrong += Math.pow(Elements.get(KvType.F32, back, at) - expected, 2);
                all += expected * expected;
            }
            return Math.sqrt(wrong / all);
        }
    }

    /** A page of random numbers; outliers are two dimensions that are twenty times as large. */
    private static MemorySegment page(Arena arena, PageGeometry geometry, long seed, boolean outliers) {
        var random = new SplittableRandom(seed);
        var page = arena.allocate(BEFORE + geometry.frameBytes());
        for (int head = 0; head < geometry.heads(); head++) {
            for (int token = 0; token < geometry.pageSize(); token++) {
                for (int d = 0; d < geometry.headDim(); d++) {
                    double factor = outliers && (d == 3 || d == 40) ? 20 : 1;
                    Elements.put(geometry.type(), page, BEFORE + geometry.keyOffset(head, token, d),
                            (float) (factor * random.nextGaussian()));
                    Elements.put(geometry.type(), page, BEFORE + geometry.valueOffset(head, token, d),
                            (float) (factor * random.nextGaussian()));
                }
            }
        }
        return page;
    }
}
