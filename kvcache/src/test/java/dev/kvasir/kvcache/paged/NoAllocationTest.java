package dev.kvasir.kvcache.paged;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.KvCaches;
import dev.kvasir.kvcache.device.AttentionRows;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.device.PartialResults;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.JfrEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A decode step, page turns, recalls and backups included, allocates nothing once its code is compiled. */
class NoAllocationTest {

    @ParameterizedTest
    @CsvSource({"full, FIFO, false", "streaming-llm, FIFO, false", "arkvale, FIFO, false", "arkvale, SCORE, true",
        "h2o, FIFO, false", "tova, FIFO, false"})
    void aDecodeStepAllocatesNothing(String policy, Turnover turnover, boolean prefetch) {
        var shape = new CacheShape(2, 4, 2, 4);
        int steps = 6000;
        var options = CacheRun.options(policy)
                .pageSize(8)
                .budget(Budget.pages(10))
                .turnover(turnover)
                .prefetch(prefetch)
                .groups(Groups.KV_HEAD)
                .build();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var random = new SplittableRandom(2);
        float[] q = new float[4 * 4 + 64];
        float[] kv = new float[2 * 4 + 64];
        float[] out = new float[4 * 4];
        try (var cache = KvCaches.create(shape, options, 200 + steps, 1, IdleDevice::new,
                CacheEvents.NONE.and(new JfrEvents())); var sequence = cache.open(200 + steps)) {
            sequence.fillRandom(200, 1);
            for (int i = 0; i < q.length; i++) {
                q[i] = (float) random.nextGaussian();
                kv[i % kv.length] = (float) random.nextGaussian();
            }
            long least = Long.MAX_VALUE;
            for (int round = 0; round < steps / 200 && least > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int step = 0; step < 200; step++) {
                    sequence.beginStep();
                    for (int layer = 0; layer < shape.layers(); layer++) {
                        sequence.step(layer, q, (step + layer) & 63, kv, (step * 7) & 63, kv, step & 63, out, 0);
                    }
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
        }
    }

    /** Has frames, gives every page another importance at each query, and computes nothing else. */
    private static final class IdleDevice implements KvDevice {
        private final PageGeometry geometry;
        private final int frames;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;
        private int queries;

        IdleDevice(PageGeometry geometry, int frames) {
            this.geometry = geometry;
            this.frames = frames;
            memory = arena.allocate(frames * geometry.frameBytes(), 64);
        }

        @Override
        public PageGeometry geometry() {
            return geometry;
        }

        @Override
        public int frames() {
            return frames;
        }

        @Override
        public MemorySegment frame(int frame) {
            return memory.asSlice(frame * geometry.frameBytes(), geometry.frameBytes());
        }

        @Override
        public void append(int frame, int slot, int tokens, float[] k, float[] v, int offset, int stride) {}

        @Override
        public void digest(DigestKind kind, int frame, int[] digestFrames, int page) {}

        @Override
        public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
                int qOffset, int queryHeads, float[] importance) {
            queries++;
            for (int page = 0; page < pages; page++) {
                importance[page] = (page * 31 + queries * 17) % 101;
            }
        }

        @Override
        public int select(float[] importance, int from, int to, int k, int[] winners) {
            int first = from + queries % Math.max(1, to - from - k);
            for (int i = 0; i < k; i++) {
                winners[i] = first + i;
            }
            return k;
        }

        @Override
        public PartialResults newPartialResults(int queryHeads, int groups, int maxFrames) {
            return new PartialResults(queryHeads, groups, 1, 1);
        }

        @Override
        public void attend(float[] q, int qOffset, FrameList[] lists, PartialResults state) {}

        @Override
        public void merge(PartialResults state, float[] out, int outOffset) {}

        @Override
        public void prefill(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists, float[] out) {}

        @Override
        public void prefillPart(float[] q, int tokens, int queryHeads, int before, int partStart, FrameList[] lists,
                CausalState state, float[] out) {}

        @Override
        public void attendObserved(float[] q, int qOffset, FrameList[] lists, PartialResults state,
                AttentionRows rows) {}

        @Override
        public void mergeObserved(PartialResults state, float[] out, int outOffset, AttentionRows rows) {}

        @Override
        public void prefillObserved(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists,
                float[] out, AttentionRows rows) {}

        @Override
        public void copyTokens(int[] from, int[] tokens, int count, int[] to) {}

        @Override
        public void readKeys(int[] frames, int tokens, int head, int d, float[] values) {}

        @Override
        public void close() {
            arena.close();
        }
    }
}
