package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.disk.DiskSpace;
import dev.kvasir.kvcache.disk.PageFile;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Backups of which host memory holds a few and a file the others. */
class DiskTierTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 8);

    @TempDir
    Path folder;

    private CacheOptions options(String policy, int cells, CacheOptions.Builder builder) {
        var plain = builder.build();
        long frame = CachePlan.of(SHAPE, plain, 100, 1).geometry().frameBytes();
        return builder.hostMemory(cells * frame).disk(Optional.of(new DiskSpace(folder, 0))).build();
    }

    private static CacheOptions.Builder builder(String policy) {
        return CacheRun.options(policy).pageSize(8).budget(Budget.pages(10));
    }

    @ParameterizedTest
    @CsvSource({"arkvale, 35", "arkvale, 60", "infllm, 35", "arkvale, 200"})
    void theOutputIsThatWithoutADisk(String policy, int cells) {
        var onDisk = options(policy, cells, builder(policy));
        try (var run = new CacheRun(SHAPE, onDisk, 900, 5);
                var expected = new CacheRun(SHAPE, builder(policy).build(), 900, 5)) {
            for (var each : new CacheRun[]{run, expected}) {
                each.prompt(500, 60);
                for (int i = 0; i < 60; i++) {
                    each.step();
                }
                each.prompt(100, 100);
                for (int i = 0; i < 60; i++) {
                    each.step();
                }
            }
            assertThat(run.outputs).usingElementComparator(Arrays::compare).isEqualTo(expected.outputs);
            var stats = run.cache.stats();
            assertThat(stats.diskBytesWritten()).isPositive();
            assertThat(stats.diskBytesRead()).isPositive();
            assertThat(stats.hostBytesPeak()).isLessThanOrEqualTo(stats.hostBytesLimit());
        }
    }

    @Test
    void manySequencesShareTheFileAndLeaveNothingBehind() throws IOException {
        var options = options("arkvale", 70, builder("arkvale"));
        try (var cache = PagedCache.create(CachePlan.of(SHAPE, options, 400, 3), ReferenceKvDevice::new,
                CacheEvents.NONE)) {
            var random = new SplittableRandom(4);
            for (int round = 0; round < 4; round++) {
                var runs = new CacheRun[3];
                for (int i = 0; i < runs.length; i++) {
                    runs[i] = CacheRun.in(cache, SHAPE, options, 400, random.nextLong());
                    runs[i].prompt(200 + random.nextInt(100), 64);
                }
                for (int step = 0; step < 60; step++) {
                    runs[random.nextInt(runs.length)].step();
                }
                for (var run : runs) {
                    run.close();
                }
                assertThat(cache.host().used()).isZero();
                assertThat(cache.pool().used()).isZero();
            }
        }
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFileThatWasChangedIsNoticed() throws IOException {
        try (var file = new PageFile(folder, 4, 100);
                var arena = java.lang.foreign.Arena.ofConfined()) {
            var page = arena.allocate(100);
            page.fill((byte) 7);
            file.write(1, java.util.List.of(page, page));
            var read = arena.allocate(100);
            file.read(2, read);
            assertThat(read.mismatch(page)).isEqualTo(-1);
            assertThatThrownBy(() -> file.read(3, read)).isInstanceOf(IOException.class)
                    .hasMessage("page 3 ends after 0 of 100 bytes");
            page.fill((byte) 8);
            file.write(3, java.util.List.of(page));
            assertThatThrownBy(() -> file.read(0, read)).isInstanceOf(IOException.class)
                    .hasMessage("page 0 has changed since it was written");
        }
    }

    @Test
    void whatCannotWorkIsRefusedAtTheStart() {
        var missing = builder("arkvale").hostMemory(1 << 20)
                .disk(Optional.of(new DiskSpace(folder.resolve("none"), 0)))
                .build();
        assertThatThrownBy(() -> CachePlan.of(SHAPE, missing, 20_000, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none is no folder that can be written to: set CacheOptions.disk to one");
        var small = options("arkvale", 34, builder("arkvale"));
        assertThatThrownBy(() -> CachePlan.of(SHAPE, small, 20_000, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("34 backups is too little beside a disk: 35 are on the way at once");
        var little = builder("arkvale").hostMemory(1 << 20)
                .disk(Optional.of(new DiskSpace(folder, 1 << 20)))
                .build();
        assertThatThrownBy(() -> CachePlan.of(SHAPE, little, 20_000, 1)).isInstanceOf(KvMemoryException.class)
                .hasMessageContaining("raise CacheOptions.disk or CacheOptions.hostMemory");
    }
}
