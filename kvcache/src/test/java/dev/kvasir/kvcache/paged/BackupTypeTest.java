package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Backups in fewer bits than pages. */
class BackupTypeTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 32);
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void endWorkers() {
        WORKERS.close();
    }

    private static CacheOptions options(BackupType type) {
        return CacheRun.options("arkvale")
                .pageSize(16)
                .kvType(KvType.F16)
                .budget(Budget.pages(10))
                .backupType(type)
                .build();
    }

    private record Run(float[] decoded, long recalled, long bytes, long host) {}

    private static Run run(CacheOptions options, KvDeviceFactory devices) {
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, options, 900, 1), devices, CacheEvents.NONE);
                var sequence = cache.open(900)) {
            SeededText.read(sequence, SHAPE, 0, 600);
            float[] decoded = SeededText.decode(sequence, SHAPE, 600, 60);
            var stats = cache.stats();
            return new Run(decoded, stats.recalled(), stats.bytesToDevice(), stats.hostBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(BackupType.class)
    void theOutputStaysCloseAndTheBytesAreThoseOfTheType(BackupType type) {
        Run page = run(options(BackupType.PAGE), ReferenceKvDevice::new);
        Run packed = run(options(type), ReferenceKvDevice::new);
        Run team = run(options(type), (geometry, frames) -> new VectorKvDevice(geometry, frames, WORKERS));

        double bound = switch (type) {
            case PAGE -> 0;
            case Q8_0 -> 0.01;
            case Q4_0 -> 0.15;
        };
        assertThat(distance(packed.decoded, page.decoded)).isLessThanOrEqualTo(bound);
        assertThat(distance(team.decoded, packed.decoded)).isLessThan(1e-5);
        double share = switch (type) {
            case PAGE -> 1;
            case Q8_0 -> 34 / 64.0;
            case Q4_0 -> 18 / 64.0;
        };
        assertThat(packed.recalled).isPositive();
        assertThat(packed.bytes).isEqualTo(Math.round(packed.recalled * share * 16 * 2 * 2 * 32 * 2));
        assertThat((double) packed.host / page.host).isEqualTo(share);
    }

    private static double distance(float[] a, float[] b) {
        double wrong = 0;
        double all = 0;
        for (int i = 0; i < a.length; i++) {
            wrong += Math.pow(a[i] - b[i], 2);
            all += Math.pow(b[i], 2);
        }
        return Math.sqrt(wrong / all);
    }

    @Test
    void pagesThatAreSharedMustBeAsTheyWereRead() {
        assertThatThrownBy(() -> options(BackupType.Q8_0).toBuilder().prefixCache(1 << 20).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set CacheOptions.backupType to page or CacheOptions.prefixCache to 0");
    }
}
