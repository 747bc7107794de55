package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.attention.tornado.CausalAttention;
import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.tornado.CornerScore;
import dev.kvasir.kernels.digest.tornado.DigestScore;
import dev.kvasir.kernels.digest.tornado.PageDigest;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.Frames;
import dev.kvasir.kernels.page.tornado.PageAppend;
import dev.kvasir.kernels.page.tornado.PageGather;
import dev.kvasir.kernels.page.tornado.PageScatter;
import dev.kvasir.kvcache.plan.CacheLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** The page kernels over 32-bit frames. */
final class FloatFrames extends FrameKernels {
    private final FloatArray frames;

    FloatFrames(CacheLayout layout) {
        this(layout, new FloatArray(elements(layout.frames(), strideOf(layout), "32-bit")));
    }

    private FloatFrames(CacheLayout layout, FloatArray frames) {
        super(layout, frames);
        this.frames = frames;
    }

    private static int strideOf(CacheLayout layout) {
        return Frames.stride(layout.geometry().heads(), layout.shape().headDim(), layout.options().pageSize());
    }

    @Override
    int stride() {
        return strideOf(layout);
    }

    @Override
    TornadoNativeArray newStage(int slots) {
        return new FloatArray(elements(slots, stride(), "32-bit"));
    }

    @Override
    void addAppend(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray frame, IntArray slot) {
        tasks.graph()
                .task(name, PageAppend::append, tasks.context(), k, v, frame, slot, frames, groups, heads, headDim,
                        pageSize);
    }

    @Override
    void addAppendRun(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray run, IntArray list) {
        tasks.graph()
                .task(name, PageAppend::appendRun, tasks.context(), k, v, run, list, frames, groups, heads,
                        headDim, pageSize, layout.maxPages());
    }

    @Override
    void addDigest(TaskList tasks, String name, IntArray source, IntArray target, IntArray lane) {
        tasks.graph()
                .task(name, PageDigest::digest, tasks.context(), frames, source, target, lane, kind, heads,
                        headDim, pageSize);
    }

    @Override
    void addScore(TaskList tasks, String name, FloatArray q, IntArray digestFrames, IntArray judged,
            FloatArray importance) {
        if (kind == DigestKind.CUBOID_CORNERS.ordinal()) {
            tasks.graph()
                    .task(name, CornerScore::score, tasks.context(), q, frames, digestFrames, judged, importance,
                            aggregation, groups, queryHeads, heads, headDim, pageSize, layout.maxSheets());
            return;
        }
        tasks.graph()
                .task(name, DigestScore::score, tasks.context(), q, frames, digestFrames, judged, importance,
                        kind, aggregation, groups, queryHeads, heads, headDim, pageSize, layout.maxSheets());
    }

    @Override
    void addGather(TaskList tasks, String name, IntArray frame, TornadoNativeArray stage) {
        tasks.graph().task(name, PageGather::gather, tasks.context(), frames, frame, (FloatArray) stage, stride());
    }

    @Override
    void addScatter(TaskList tasks, String name, TornadoNativeArray stage, IntArray frame) {
        tasks.graph().task(name, PageScatter::scatter, tasks.context(), (FloatArray) stage, frame, frames, stride());
    }

    @Override
    void addAttend(TaskList tasks, String name, FloatArray q, IntArray list, IntArray tokens, FloatArray partials,
            int maxFrames, Parts parts) {
        tasks.graph()
                .task(name, PagedAttention::attend, tasks.context(), q, frames, list, tokens, partials, groups,
                        queryHeads, heads, headDim, pageSize, maxFrames, parts.first(), parts.count(), parts.total());
    }

    @Override
    void addCausal(TaskList tasks, String name, FloatArray q, IntArray list, IntArray run, FloatArray out) {
        tasks.graph()
                .task(name, CausalAttention::attend, tasks.context(), q, frames, list, run, out, groups, queryHeads,
                        heads, headDim, pageSize, layout.maxPages());
    }
}
