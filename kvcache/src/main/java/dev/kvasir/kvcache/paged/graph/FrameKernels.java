package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.attention.tornado.CausalAttention;
import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.digest.tornado.DigestScore;
import dev.kvasir.kernels.digest.tornado.PageDigest;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.PageAppend;
import dev.kvasir.kernels.page.tornado.PageGather;
import dev.kvasir.kvcache.plan.CacheLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Adds the page kernels to task graphs, over frames of one type. What a kernel's arguments mean stands with the kernel;
 * what is the same for all of a cache comes from its layout.
 */
abstract sealed class FrameKernels permits FloatFrames, HalfFrames {
    final CacheLayout layout;
    final int groups;
    final int heads;
    final int headDim;
    final int pageSize;
    final int queryHeads;
    final int groupHeads;
    final int kind;
    final int aggregation;
    private final TornadoNativeArray frames;

    FrameKernels(CacheLayout layout, TornadoNativeArray frames) {
        this.layout = layout;
        this.frames = frames;
        groups = layout.groups();
        heads = layout.geometry().heads();
        headDim = layout.shape().headDim();
        pageSize = layout.options().pageSize();
        queryHeads = layout.shape().queryHeads();
        groupHeads = queryHeads / groups;
        kind = layout.options().digest().ordinal();
        aggregation = layout.options().aggregation().ordinal();
    }

    /** Kernels over frames of the layout's type. */
    static FrameKernels of(CacheLayout layout) {
        return switch (layout.options().kvType()) {
            case F32 -> new FloatFrames(layout);
            case F16 -> new HalfFrames(layout);
            case BF16 -> throw new IllegalArgumentException(
                    "--kv-type bf16 has no TornadoVM kernels: choose f16, or f32 where the device has no half precision");
        };
    }

    /** Elements of all frames, as many as an array may have. */
    static int elements(int frames, int stride, String type) {
        long elements = (long) frames * stride;
        if (elements > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                    "%d frames of %d %s elements are more than the %d of a device array: lower --ctx-size, --budget or --device-memory"
                            .formatted(frames, stride, type, Integer.MAX_VALUE - 64));
        }
        return (int) elements;
    }

    /** The array of all frames. */
    final TornadoNativeArray frames() {
        return frames;
    }

    /** Elements from one frame to the next. */
    abstract int stride();

    /** Bytes from one frame to the next. */
    final long strideBytes() {
        return (long) stride() * layout.options().kvType().bytes();
    }

    /** Room for {@code slots} frames on the host and the device. */
    abstract TornadoNativeArray newStage(int slots);

    final void append(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray frame, IntArray slot,
            int rows) {
        addAppend(tasks, name, k, v, frame, slot);
        tasks.launch(name, PageAppend.grid(rows, groups, heads, headDim));
    }

    abstract void addAppend(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray frame, IntArray slot);

    final void appendRun(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray run, IntArray list,
            int maxTokens) {
        addAppendRun(tasks, name, k, v, run, list);
        tasks.launch(name, PageAppend.runGrid(maxTokens, groups, heads, pageSize));
    }

    abstract void addAppendRun(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray run, IntArray list);

    final void digest(TaskList tasks, String name, IntArray source, IntArray target, IntArray lane, int pages) {
        addDigest(tasks, name, source, target, lane);
        tasks.launch(name, PageDigest.grid(pages, heads));
    }

    abstract void addDigest(TaskList tasks, String name, IntArray source, IntArray target, IntArray lane);

    final void score(TaskList tasks, String name, FloatArray q, IntArray digestFrames, IntArray judged,
            FloatArray importance, int sequences) {
        addScore(tasks, name, q, digestFrames, judged, importance);
        tasks.launch(name, DigestScore.grid(sequences * groups, layout.maxSheets()));
    }

    abstract void addScore(TaskList tasks, String name, FloatArray q, IntArray digestFrames, IntArray judged,
            FloatArray importance);

    final void gather(TaskList tasks, String name, IntArray frame, TornadoNativeArray stage, int slots) {
        addGather(tasks, name, frame, stage);
        tasks.launch(name, PageGather.grid(slots, stride()));
    }

    abstract void addGather(TaskList tasks, String name, IntArray frame, TornadoNativeArray stage);

    final void scatter(TaskList tasks, String name, TornadoNativeArray stage, IntArray frame, int slots) {
        addScatter(tasks, name, stage, frame);
        tasks.launch(name, PageGather.grid(slots, stride()));
    }

    abstract void addScatter(TaskList tasks, String name, TornadoNativeArray stage, IntArray frame);

    /** @param list {@code [tables][maxFrames]} */
    final void attend(TaskList tasks, String name, FloatArray q, IntArray list, IntArray tokens, FloatArray partials,
            int sequences, int maxFrames, Parts parts) {
        addAttend(tasks, name, q, list, tokens, partials, maxFrames, parts);
        tasks.launch(name, PagedAttention.grid(sequences * groups, groupHeads, heads, headDim, parts.count()));
    }

    abstract void addAttend(TaskList tasks, String name, FloatArray q, IntArray list, IntArray tokens,
            FloatArray partials, int maxFrames, Parts parts);

    final void causal(TaskList tasks, String name, FloatArray q, IntArray list, IntArray run, FloatArray out,
            int maxTokens) {
        addCausal(tasks, name, q, list, run, out);
        tasks.launch(name, CausalAttention.grid(maxTokens, queryHeads, layout.shape().kvHeads(), headDim));
    }

    abstract void addCausal(TaskList tasks, String name, FloatArray q, IntArray list, IntArray run, FloatArray out);

    /** Which of a record's {@code total} parts a launch of attention writes. */
    record Parts(int first, int count, int total) {
        /** Tokens of a part, so many that a work-group has something to do. */
        private static final int TOKENS = 256;
        private static final int MOST = 32;

        /** Parts that lists of up to so many tokens are cut into. */
        static int of(int tokens) {
            return Math.clamp((tokens + TOKENS - 1) / TOKENS, 1, MOST);
        }
    }
}
