package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.disk.DiskSpace;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import dev.kvasir.kvcache.transfer.DeferredTransfers;
import dev.kvasir.kvcache.transfer.HostTransfers;
import dev.kvasir.kvcache.transfer.PageMove;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random histories of sequences in one cache: texts, steps, forks, saves, restores, shared prefixes, a disk, and copies that
 * are slow or out of order. Each sequence decodes what a sequence alone decodes that was given the same, and at the end all
 * memory is free.
 */
class HistoriesTest {
    private static final CacheShape SHAPE = new CacheShape(2, 4, 2, 8);
    private static final int MOST = 420;
    private static final int SEQUENCES = 4;

    @TempDir
    Path folder;

    /** A sequence and all that it was given: texts as positive numbers of tokens, steps as negative ones. */
    private static final class Lived {
        private KvSequence sequence;
        private final List<Integer> history = new ArrayList<>();
        private final List<float[]> decoded = new ArrayList<>();

        Lived(KvSequence sequence) {
            this.sequence = sequence;
        }

        Lived(KvSequence sequence, Lived of) {
            this(sequence);
            history.addAll(of.history);
            decoded.addAll(of.decoded);
        }

        void give(int what) {
            history.add(what);
            int at = sequence.length();
            if (what < 0) {
                decoded.add(SeededText.decode(sequence, SHAPE, at, -what));
                return;
            }
            int held = sequence.name(IntStream.range(at, at + what).toArray());
            SeededText.read(sequence, SHAPE, at + held, at + what);
        }

        void checkAlone(CacheOptions plain) {
            try (var cache = PagedCache.create(CachePlan.of(SHAPE, plain, MOST, 1), ReferenceKvDevice::new,
                    CacheEvents.NONE)) {
                var alone = new Lived(cache.open(MOST));
                history.forEach(alone::give);
                assertThat(decoded).as("%s", history).usingElementComparator(Arrays::compare).isEqualTo(alone.decoded);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"arkvale", "infllm", "full", "streaming-llm", "quest"})
    void everySequenceDecodesAsIfItWereAlone(String policy) throws IOException {
        for (int seed = 0; seed < 8; seed++) {
            var random = new SplittableRandom(31 * seed + policy.hashCode());
            var plain = CacheRun.options(policy)
                    .pageSize(8)
                    .budget(Budget.pages(10))
                    .denseLayers(random.nextInt(2))
                    .groups(random.nextBoolean() ? Groups.LAYER : Groups.KV_HEAD)
                    .prefetch(random.nextBoolean())
                    .build();
            long frame = CachePlan.of(SHAPE, plain, 100, 1).geometry().frameBytes();
            boolean onDisk = random.nextInt(3) == 0;
            var shared = plain.toBuilder()
                    .prefixCache(random.nextInt(4) == 0 ? 0 : frame * 40)
                    .hostMemory(onDisk ? frame * 60 : 0)
                    .disk(onDisk ? Optional.of(new DiskSpace(folder, 0)) : Optional.empty())
                    .build();
            var plan = CachePlan.of(SHAPE, shared, MOST, SEQUENCES);
            try (var cache = PagedCache.create(plan, CacheRun.reference(copies(random.nextInt(3), seed)),
                    CacheEvents.NONE)) {
                live(cache, plain, random, plan.backups().usesDisk());
                assertThat(cache.pool().used()).isZero();
                cache.prefixes().dropAll();
                assertThat(cache.host().used()).isZero();
            }
        }
    }

    private static void live(PagedCache cache, CacheOptions plain, SplittableRandom random, boolean onDisk)
            throws IOException {
        List<Lived> alive = new ArrayList<>();
        for (int event = 0; event < 70; event++) {
            if (alive.isEmpty() || alive.size() < SEQUENCES && random.nextInt(6) == 0) {
                alive.add(new Lived(cache.open(MOST)));
                continue;
            }
            var one = alive.get(random.nextInt(alive.size()));
            int room = MOST - one.sequence.length();
            int what = random.nextInt(12);
            if (room < 100 || what == 0) {
                one.checkAlone(plain);
                one.sequence.close();
                alive.remove(one);
            } else if (what == 1 && alive.size() < SEQUENCES) {
                alive.add(new Lived(one.sequence.fork(), one));
            } else if (what == 2 && !onDisk) {
                var bytes = new ByteArrayOutputStream();
                var out = new StateOutput(Channels.newChannel(bytes)::write);
                one.sequence.save(out);
                out.end();
                one.sequence.close();
                one.sequence = cache.open(MOST);
                one.sequence.restore(input(bytes.toByteArray()));
            } else if (what < 6) {
                one.give(1 + random.nextInt(90));
            } else {
                one.give(-1 - random.nextInt(12));
            }
        }
        for (var one : alive) {
            one.checkAlone(plain);
            one.sequence.close();
        }
    }

    private static StateInput input(byte[] bytes) {
        return new StateInput((into, at) -> {
            int count = (int) Math.min(into.remaining(), bytes.length - at);
            into.put(bytes, (int) at, Math.max(0, count));
            return count > 0 ? count : -1;
        }, bytes.length, 0);
    }

    private static CacheRun.Copies copies(int kind, long seed) {
        return switch (kind) {
            case 0 -> HostTransfers::new;
            case 1 -> (frames, host) -> new DeferredTransfers(frames, host, seed);
            default -> (frames, host) -> slow(frames, host);
        };
    }

    private static HostTransfers slow(MemorySegment[] frames, HostStore host) {
        return new HostTransfers(frames, host, 2, (from, fromOffset, to, toOffset, n) -> {
            LockSupport.parkNanos(20_000);
            PageMove.COPY.move(from, fromOffset, to, toOffset, n);
        });
    }
}
