package dev.kvasir.kernels.catalog;

import dev.kvasir.kernels.attention.tornado.CausalAttention;
import dev.kvasir.kernels.attention.tornado.CausalAttentionHalf;
import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.attention.tornado.PagedAttentionHalf;
import dev.kvasir.kernels.attention.tornado.ladder.CausalAttention1Naive;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention1Naive;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention2Group;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention3Split;
import dev.kvasir.kernels.choice.tornado.TopK;
import dev.kvasir.kernels.choice.tornado.ladder.TopK1ArgMax;
import dev.kvasir.kernels.choice.tornado.ladder.TopK2Rank;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.digest.tornado.CornerScore;
import dev.kvasir.kernels.digest.tornado.DigestKinds;
import dev.kvasir.kernels.digest.tornado.DigestScore;
import dev.kvasir.kernels.digest.tornado.PageDigest;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.Frames;
import dev.kvasir.kernels.page.tornado.PageAppend;
import dev.kvasir.kernels.page.tornado.PageGather;
import dev.kvasir.kernels.page.tornado.PageScatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static dev.kvasir.kernels.catalog.KernelCatalog.HEAD_DIM;
import static dev.kvasir.kernels.catalog.KernelCatalog.KV_HEADS;
import static dev.kvasir.kernels.catalog.KernelCatalog.PAGE_SIZE;
import static dev.kvasir.kernels.catalog.KernelCatalog.QUERY_HEADS;
import static dev.kvasir.kernels.launch.KernelSample.TASK;

/** Samples of the kernels that work on page frames: one sequence, one selection group. */
final class PageSamples {
    private static final int[] HEAD_DIMS = {64, 96, 128};
    private static final int MAX_FRAMES = 64;
    private static final int FRAMES = 4; // a kernel is the same for any number of frames
    private static final int PARTS = 16;
    private static final int LATE_PARTS = 4;
    private static final int TOKENS = 16; // of a run
    private static final int SLOTS = 4;
    private static final int PAGES = 16_384; // to select from
    private static final int WINNERS = 512;

    private PageSamples() {}

    /** The arrays that all samples of a head size draw from. */
    private record Arrays(int headDim, FloatArray q, FloatArray frames, HalfFloatArray halfFrames, IntArray list,
            IntArray tokens, FloatArray partials, FloatArray out) {

        static Arrays of(int headDim, boolean half) {
            return new Arrays(headDim, new FloatArray(TOKENS * QUERY_HEADS * headDim),
                    new FloatArray(half ? 1 : FRAMES * Frames.stride(KV_HEADS, headDim, PAGE_SIZE)),
                    new HalfFloatArray(half ? FRAMES * Frames.halfStride(KV_HEADS, headDim, PAGE_SIZE) : 1),
                    new IntArray(MAX_FRAMES), new IntArray(4),
                    new FloatArray(QUERY_HEADS * (PARTS + LATE_PARTS) * PagedAttention.partialSize(headDim)),
                    new FloatArray(TOKENS * QUERY_HEADS * headDim));
        }
    }

    static List<KernelSample> all() {
        List<KernelSample> samples = new ArrayList<>();
        attention(samples);
        copies(samples);
        digests(samples);
        selections(samples);
        return samples;
    }

    private static void add(List<KernelSample> samples, String name, boolean half, KernelSample.Setup setup) {
        samples.add(new KernelSample(name, half, setup));
    }

    private static void in(TaskList tasks, Object... arrays) {
        tasks.graph().transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays);
    }

    private static void attention(List<KernelSample> samples) {
        for (int d : HEAD_DIMS) {
            add(samples, "PagedAttention.d" + d, false, (tasks, half) -> paged(tasks, d));
            add(samples, "PagedAttentionHalf.d" + d, true, (tasks, half) -> pagedHalf(tasks, d));
            add(samples, "CausalAttention.d" + d, false, (tasks, half) -> causal(tasks, d));
            add(samples, "CausalAttentionHalf.d" + d, true, (tasks, half) -> causalHalf(tasks, d));
        }
        add(samples, "PagedAttention.merge", false, (tasks, half) -> merge(tasks));
        add(samples, "PagedAttention1Naive", false, (tasks, half) -> naive(tasks));
        add(samples, "PagedAttention2Group", false, (tasks, half) -> group(tasks));
        add(samples, "PagedAttention3Split", false, (tasks, half) -> split(tasks));
        add(samples, "CausalAttention1Naive", false, (tasks, half) -> causalNaive(tasks));
    }

    private static void paged(TaskList tasks, int headDim) {
        Arrays a = Arrays.of(headDim, false);
        in(tasks, a.q, a.frames, a.list, a.tokens, a.partials);
        tasks.graph()
                .task(TASK, PagedAttention::attend, tasks.context(), a.q, a.frames, a.list, a.tokens, a.partials, 1,
                        QUERY_HEADS, KV_HEADS, headDim, PAGE_SIZE, MAX_FRAMES, 0, PARTS, PARTS + LATE_PARTS);
        tasks.launch(TASK, PagedAttention.grid(1, QUERY_HEADS, KV_HEADS, headDim, PARTS));
    }

    private static void pagedHalf(TaskList tasks, int headDim) {
        Arrays a = Arrays.of(headDim, true);
        in(tasks, a.q, a.halfFrames, a.list, a.tokens, a.partials);
        tasks.graph()
                .task(TASK, PagedAttentionHalf::attend, tasks.context(), a.q, a.halfFrames, a.list, a.tokens,
                        a.partials, 1, QUERY_HEADS, KV_HEADS, headDim, PAGE_SIZE, MAX_FRAMES, 0, PARTS,
                        PARTS + LATE_PARTS);
        tasks.launch(TASK, PagedAttention.grid(1, QUERY_HEADS, KV_HEADS, headDim, PARTS));
    }

    private static void causal(TaskList tasks, int headDim) {
        Arrays a = Arrays.of(headDim, false);
        in(tasks, a.q, a.frames, a.list, a.tokens, a.out);
        tasks.graph()
                .task(TASK, CausalAttention::attend, tasks.context(), a.q, a.frames, a.list, a.tokens, a.out, 1,
                        QUERY_HEADS, KV_HEADS, headDim, PAGE_SIZE, MAX_FRAMES);
        tasks.launch(TASK, CausalAttention.grid(TOKENS, QUERY_HEADS, KV_HEADS, headDim));
    }

    private static void causalHalf(TaskList tasks, int headDim) {
        Arrays a = Arrays.of(headDim, true);
        in(tasks, a.q, a.halfFrames, a.list, a.tokens, a.out);
        tasks.graph()
                .task(TASK, CausalAttentionHalf::attend, tasks.context(), a.q, a.halfFrames, a.list, a.tokens, a.out,
                        1, QUERY_HEADS, KV_HEADS, headDim, PAGE_SIZE, MAX_FRAMES);
        tasks.launch(TASK, CausalAttention.grid(TOKENS, QUERY_HEADS, KV_HEADS, headDim));
    }

    private static void merge(TaskList tasks) {
        Arrays a = Arrays.of(HEAD_DIM, false);
        IntArray late = new IntArray(1);
        in(tasks, a.partials, a.tokens, late, a.out);
        tasks.graph()
                .task(TASK, PagedAttention::merge, tasks.context(), a.partials, a.tokens, late, a.out, QUERY_HEADS,
                        HEAD_DIM, PAGE_SIZE, PARTS, LATE_PARTS);
        tasks.launch(TASK, PagedAttention.mergeGrid(1, QUERY_HEADS));
    }

    private static void naive(TaskList tasks) {
        Arrays a = Arrays.of(HEAD_DIM, false);
        in(tasks, a.q, a.frames, a.list, a.tokens, a.out);
        tasks.graph()
                .task(TASK, PagedAttention1Naive::attend, tasks.context(), a.q, a.frames, a.list, a.tokens, a.out, 1,
                        QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        tasks.launch(TASK, PagedAttention1Naive.grid(1, QUERY_HEADS));
    }

    private static void group(TaskList tasks) {
        Arrays a = Arrays.of(HEAD_DIM, false);
        in(tasks, a.q, a.frames, a.list, a.tokens, a.out);
        tasks.graph()
                .task(TASK, PagedAttention2Group::attend, tasks.context(), a.q, a.frames, a.list, a.tokens, a.out, 1,
                        QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        tasks.launch(TASK, PagedAttention2Group.grid(1, QUERY_HEADS));
    }

    private static void split(TaskList tasks) {
        Arrays a = Arrays.of(HEAD_DIM, false);
        in(tasks, a.q, a.frames, a.list, a.tokens, a.partials);
        tasks.graph()
                .task(TASK, PagedAttention3Split::attend, tasks.context(), a.q, a.frames, a.list, a.tokens,
                        a.partials, 1, QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES, 0, PARTS,
                        PARTS + LATE_PARTS);
        tasks.launch(TASK, PagedAttention3Split.grid(1, QUERY_HEADS, PARTS));
    }

    private static void causalNaive(TaskList tasks) {
        Arrays a = Arrays.of(HEAD_DIM, false);
        in(tasks, a.q, a.frames, a.list, a.tokens, a.out);
        tasks.graph()
                .task(TASK, CausalAttention1Naive::attend, tasks.context(), a.q, a.frames, a.list, a.tokens, a.out, 1,
                        QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        tasks.launch(TASK, CausalAttention1Naive.grid(TOKENS, QUERY_HEADS));
    }

    private static void copies(List<KernelSample> samples) {
        add(samples, "PageAppend", false, (tasks, half) -> append(tasks, false));
        add(samples, "PageAppend.half", true, (tasks, half) -> append(tasks, true));
        add(samples, "PageAppend.run", false, (tasks, half) -> appendRun(tasks, false));
        add(samples, "PageAppend.runHalf", true, (tasks, half) -> appendRun(tasks, true));
        add(samples, "PageGather", false, (tasks, half) -> gather(tasks, false));
        add(samples, "PageGather.half", true, (tasks, half) -> gather(tasks, true));
        add(samples, "PageScatter", false, (tasks, half) -> scatter(tasks, false));
        add(samples, "PageScatter.half", true, (tasks, half) -> scatter(tasks, true));
    }

    private static void append(TaskList tasks, boolean halves) {
        Arrays a = Arrays.of(HEAD_DIM, halves);
        FloatArray k = new FloatArray(KV_HEADS * HEAD_DIM);
        FloatArray v = new FloatArray(KV_HEADS * HEAD_DIM);
        IntArray frame = new IntArray(1);
        IntArray slot = new IntArray(1);
        in(tasks, k, v, frame, slot);
        if (halves) {
            in(tasks, a.halfFrames);
            tasks.graph()
                    .task(TASK, PageAppend::appendHalf, tasks.context(), k, v, frame, slot, a.halfFrames, 1,
                            KV_HEADS, HEAD_DIM, PAGE_SIZE);
        } else {
            in(tasks, a.frames);
            tasks.graph()
                    .task(TASK, PageAppend::append, tasks.context(), k, v, frame, slot, a.frames, 1, KV_HEADS,
                            HEAD_DIM, PAGE_SIZE);
        }
        tasks.launch(TASK, PageAppend.grid(1, 1, KV_HEADS, HEAD_DIM));
    }

    private static void appendRun(TaskList tasks, boolean halves) {
        Arrays a = Arrays.of(HEAD_DIM, halves);
        FloatArray k = new FloatArray(TOKENS * KV_HEADS * HEAD_DIM);
        FloatArray v = new FloatArray(TOKENS * KV_HEADS * HEAD_DIM);
        IntArray run = new IntArray(2);
        in(tasks, k, v, run, a.list);
        if (halves) {
            in(tasks, a.halfFrames);
            tasks.graph()
                    .task(TASK, PageAppend::appendRunHalf, tasks.context(), k, v, run, a.list, a.halfFrames, 1,
                            KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        } else {
            in(tasks, a.frames);
            tasks.graph()
                    .task(TASK, PageAppend::appendRun, tasks.context(), k, v, run, a.list, a.frames, 1, KV_HEADS,
                            HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        }
        tasks.launch(TASK, PageAppend.runGrid(TOKENS, 1, KV_HEADS, PAGE_SIZE));
    }

    private static void gather(TaskList tasks, boolean halves) {
        Arrays a = Arrays.of(HEAD_DIM, halves);
        IntArray frame = new IntArray(SLOTS);
        int stride;
        if (halves) {
            stride = Frames.halfStride(KV_HEADS, HEAD_DIM, PAGE_SIZE);
            HalfFloatArray staging = new HalfFloatArray(SLOTS * stride);
            in(tasks, a.halfFrames, frame, staging);
            tasks.graph().task(TASK, PageGather::gatherHalf, tasks.context(), a.halfFrames, frame, staging, stride);
        } else {
            stride = Frames.stride(KV_HEADS, HEAD_DIM, PAGE_SIZE);
            FloatArray staging = new FloatArray(SLOTS * stride);
            in(tasks, a.frames, frame, staging);
            tasks.graph().task(TASK, PageGather::gather, tasks.context(), a.frames, frame, staging, stride);
        }
        tasks.launch(TASK, PageGather.grid(SLOTS, stride));
    }

    private static void scatter(TaskList tasks, boolean halves) {
        Arrays a = Arrays.of(HEAD_DIM, halves);
        IntArray frame = new IntArray(SLOTS);
        int stride;
        if (halves) {
            stride = Frames.halfStride(KV_HEADS, HEAD_DIM, PAGE_SIZE);
            HalfFloatArray staging = new HalfFloatArray(SLOTS * stride);
            in(tasks, staging, frame, a.halfFrames);
            tasks.graph().task(TASK, PageScatter::scatterHalf, tasks.context(), staging, frame, a.halfFrames, stride);
        } else {
            stride = Frames.stride(KV_HEADS, HEAD_DIM, PAGE_SIZE);
            FloatArray staging = new FloatArray(SLOTS * stride);
            in(tasks, staging, frame, a.frames);
            tasks.graph().task(TASK, PageScatter::scatter, tasks.context(), staging, frame, a.frames, stride);
        }
        tasks.launch(TASK, PageGather.grid(SLOTS, stride));
    }

    private static void digests(List<KernelSample> samples) {
        for (DigestKind kind : DigestKind.values()) {
            String suffix = "." + kind.name().toLowerCase(Locale.ROOT);
            add(samples, "PageDigest" + suffix, false, (tasks, half) -> digest(tasks, kind.ordinal(), false));
            add(samples, "PageDigest" + suffix + ".half", true, (tasks, half) -> digest(tasks, kind.ordinal(), true));
        }
        for (HeadAggregation how : HeadAggregation.values()) {
            String suffix = "." + how.name().toLowerCase(Locale.ROOT);
            add(samples, "CornerScore" + suffix, false, (tasks, half) -> corners(tasks, how.ordinal(), false));
            add(samples, "CornerScore" + suffix + ".half", true, (tasks, half) -> corners(tasks, how.ordinal(), true));
        }
        for (DigestKind kind : List.of(DigestKind.CENTROID, DigestKind.SPHERE_MAX, DigestKind.CUBOID_MAX)) {
            for (HeadAggregation how : HeadAggregation.values()) {
                String suffix = "." + kind.name().toLowerCase(Locale.ROOT) + "." + how.name().toLowerCase(Locale.ROOT);
                add(samples, "DigestScore" + suffix, false,
                        (tasks, half) -> score(tasks, kind.ordinal(), how.ordinal(), false));
                add(samples, "DigestScore" + suffix + ".half", true,
                        (tasks, half) -> score(tasks, kind.ordinal(), how.ordinal(), true));
            }
        }
    }

    private static void digest(TaskList tasks, int kind, boolean halves) {
        Arrays a = Arrays.of(HEAD_DIM, halves);
        IntArray source = new IntArray(1);
        IntArray target = new IntArray(DigestKinds.frames(kind, PAGE_SIZE));
        IntArray lane = new IntArray(1);
        in(tasks, source, target, lane);
        if (halves) {
            in(tasks, a.halfFrames);
            tasks.graph()
                    .task(TASK, PageDigest::digestHalf, tasks.context(), a.halfFrames, source, target, lane, kind,
                            KV_HEADS, HEAD_DIM, PAGE_SIZE);
        } else {
            in(tasks, a.frames);
            tasks.graph()
                    .task(TASK, PageDigest::digest, tasks.context(), a.frames, source, target, lane, kind, KV_HEADS,
                            HEAD_DIM, PAGE_SIZE);
        }
        tasks.launch(TASK, PageDigest.grid(1, KV_HEADS));
    }

    private static void score(TaskList tasks, int kind, int aggregation, boolean halves) {
        Arrays a = Arrays.of(HEAD_DIM, halves);
        IntArray judged = new IntArray(1);
        FloatArray importance = new FloatArray(MAX_FRAMES * PAGE_SIZE);
        in(tasks, a.q, a.list, judged, importance);
        if (halves) {
            in(tasks, a.halfFrames);
            tasks.graph()
                    .task(TASK, DigestScore::scoreHalf, tasks.context(), a.q, a.halfFrames, a.list, judged,
                            importance, kind, aggregation, 1, QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        } else {
            in(tasks, a.frames);
            tasks.graph()
                    .task(TASK, DigestScore::score, tasks.context(), a.q, a.frames, a.list, judged, importance, kind,
                            aggregation, 1, QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        }
        tasks.launch(TASK, DigestScore.grid(1, MAX_FRAMES));
    }

    private static void corners(TaskList tasks, int aggregation, boolean halves) {
        Arrays a = Arrays.of(HEAD_DIM, halves);
        IntArray judged = new IntArray(1);
        IntArray list = new IntArray(MAX_FRAMES * DigestKinds.frames(DigestKinds.CUBOID_CORNERS, PAGE_SIZE));
        FloatArray importance = new FloatArray(MAX_FRAMES * PAGE_SIZE);
        in(tasks, a.q, list, judged, importance);
        if (halves) {
            in(tasks, a.halfFrames);
            tasks.graph()
                    .task(TASK, CornerScore::scoreHalf, tasks.context(), a.q, a.halfFrames, list, judged, importance,
                            aggregation, 1, QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        } else {
            in(tasks, a.frames);
            tasks.graph()
                    .task(TASK, CornerScore::score, tasks.context(), a.q, a.frames, list, judged, importance,
                            aggregation, 1, QUERY_HEADS, KV_HEADS, HEAD_DIM, PAGE_SIZE, MAX_FRAMES);
        }
        tasks.launch(TASK, CornerScore.grid(1, MAX_FRAMES));
    }

    private static void selections(List<KernelSample> samples) {
        add(samples, "TopK", false, (tasks, half) -> {
            IntArray range = new IntArray(3);
            FloatArray values = new FloatArray(PAGES);
            IntArray winners = new IntArray(WINNERS);
            IntArray counts = new IntArray(1);
            IntArray keys = new IntArray(PAGES);
            in(tasks, values, range, keys, winners, counts);
            tasks.graph()
                    .task(TASK, TopK::selectWinners, tasks.context(), values, range, keys, winners, counts, PAGES,
                            WINNERS);
            tasks.launch(TASK, TopK.grid(1));
        });
        add(samples, "TopK1ArgMax", false, (tasks, half) -> {
            IntArray range = new IntArray(3);
            FloatArray values = new FloatArray(PAGES);
            IntArray ranked = new IntArray(WINNERS);
            IntArray winners = new IntArray(WINNERS);
            IntArray counts = new IntArray(1);
            in(tasks, values, range, ranked, winners, counts);
            tasks.graph()
                    .task(TASK, TopK1ArgMax::selectWinners, tasks.context(), values, range, ranked, winners, counts,
                            PAGES,
                            WINNERS);
            tasks.launch(TASK, TopK1ArgMax.grid(1));
        });
        IntArray marks = new IntArray(PAGES);
        add(samples, "TopK2Rank.mark", false, (tasks, half) -> {
            IntArray range = new IntArray(3);
            FloatArray values = new FloatArray(PAGES);
            in(tasks, values, range, marks);
            tasks.graph().task(TASK, TopK2Rank::mark, tasks.context(), values, range, marks, PAGES, WINNERS);
            launch(tasks, TopK2Rank.grid(1, PAGES));
        });
        add(samples, "TopK2Rank.collect", false, (tasks, half) -> {
            IntArray range = new IntArray(3);
            IntArray winners = new IntArray(WINNERS);
            IntArray counts = new IntArray(1);
            in(tasks, marks, range, winners, counts);
            tasks.graph()
                    .task(TASK, TopK2Rank::collect, tasks.context(), marks, range, winners, counts, PAGES, WINNERS);
            launch(tasks, TopK2Rank.grid(1, PAGES));
        });
    }

    private static void launch(TaskList tasks, WorkerGrid grid) {
        tasks.launch(TASK, grid);
    }
}
