package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.disk.DiskSpace;
import dev.kvasir.kvcache.disk.PageFile;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.page.SlotFile;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A disk that fails: the sequence that needs it fails, and nothing else. */
class FailingDiskTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 8);

    @TempDir
    Path folder;

    /** Works for some operations, and then fails in its own way. */
    private static final class Failing implements SlotFile {
        private final SlotFile file;
        private final AtomicInteger left;
        private final String how;

        Failing(SlotFile file, int left, String how) {
            this.file = file;
            this.left = new AtomicInteger(left);
            this.how = how;
        }

        @Override
        public void write(int firstSlot, List<MemorySegment> contents) throws IOException {
            if (how.equals("full") && left.decrementAndGet() < 0) {
                throw new IOException("No space left on device");
            }
            if (how.equals("torn") && left.decrementAndGet() < 0) { // and nobody says so
                file.write(firstSlot, contents.subList(0, contents.size() - 1));
                return;
            }
            file.write(firstSlot, contents);
        }

        @Override
        public void read(int slot, MemorySegment contents) throws IOException {
            if (how.equals("unreadable") && left.decrementAndGet() < 0) {
                throw new IOException("Input/output error");
            }
            file.read(slot, contents);
        }

        @Override
        public String place() {
            return file.place();
        }

        @Override
        public void close() {
            file.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "torn", "unreadable"})
    void theSequenceFailsWithASentenceAndTheOthersGoOn(String how) {
        for (int seed = 0; seed < 12; seed++) {
            var random = new SplittableRandom(seed);
            var plain = CacheRun.options("arkvale").pageSize(8).budget(Budget.pages(10));
            long frame = CachePlan.of(SHAPE, plain.build(), 100, 1).geometry().frameBytes();
            CacheOptions options = plain.hostMemory(70 * frame).disk(Optional.of(new DiskSpace(folder, 0))).build();
            var plan = CachePlan.of(SHAPE, options, 500, 2);
            try (var file = new PageFile(folder, plan.backups().slots(), frame);
                    var cache = PagedCache.create(plan, ReferenceKvDevice::new, CacheEvents.NONE,
                            new Failing(file, random.nextInt(how.equals("unreadable") ? 60 : 4), how))) {
                var small = cache.open(500); // within its budget it recalls nothing
                SeededText.read(small, SHAPE, 0, 68);
                var large = cache.open(500);
                assertThatThrownBy(() -> {
                    SeededText.read(large, SHAPE, 0, 400);
                    SeededText.decode(large, SHAPE, 400, 101);
                }).satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(CopyFailedException.class)
                                .hasMessageContaining(folder.toString()),
                        e -> assertThat(e).hasMessageContaining("holds the 500 tokens")); // it was not in need
                large.close();
                SeededText.decode(small, SHAPE, 68, 3);
                small.close();
                assertThat(cache.pool().used()).isZero();
                assertThat(cache.host().used()).isZero();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
