package dev.kvasir.kernels.catalog;

import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.attention.tornado.Parts;
import dev.kvasir.kernels.choice.tornado.TopK;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.digest.tornado.DigestScore;
import dev.kvasir.kernels.digest.tornado.PageDigest;
import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.Heads;
import dev.kvasir.kernels.page.tornado.PageAppend;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page kernels of one layer in one graph, executed token after token: frames stay on the device, and nothing but the
 * new token's query, key and value and a few ints goes there.
 */
class DecodeStepTest {
    private static final int GROUPS = 2;
    private static final int SHARED = 2;
    private static final int TOKENS = 23;
    private static final int K = 2;
    private static final PageGeometry GEOMETRY = new PageGeometry(4, 1, 16, KvType.F32);
    private static final int PAGE = GEOMETRY.pageSize();
    private static final int DIM = GEOMETRY.headDim();
    private static final int PAGES = (TOKENS + PAGE - 1) / PAGE;
    private static final int DIGEST_FRAMES = (PAGES + PAGE - 1) / PAGE;
    private static final int GROUP_FRAMES = PAGES + DIGEST_FRAMES;

    private final Random random = new Random(1);
    private final DeviceFrames frames = new DeviceFrames(GEOMETRY, GROUPS * GROUP_FRAMES);
    private final FrameArray expected = frames.copy();
    private final int[] order = DeviceFrames.shuffled(GROUPS * GROUP_FRAMES, random);

    private final FloatArray q = new FloatArray(GROUPS * SHARED * DIM);
    private final FloatArray k = new FloatArray(GROUPS * DIM);
    private final FloatArray v = new FloatArray(GROUPS * DIM);
    private final IntArray frame = new IntArray(GROUPS); // that the token goes to
    private final IntArray slot = new IntArray(1);
    private final IntArray full = new IntArray(GROUPS); // frame of the page that is full, or -1
    private final IntArray digestFrame = new IntArray(GROUPS);
    private final IntArray lane = new IntArray(GROUPS);
    private final IntArray digestFrames = new IntArray(GROUPS * DIGEST_FRAMES);
    private final IntArray judged = new IntArray(GROUPS);
    private final IntArray range = new IntArray(3 * GROUPS);
    private final IntArray list = new IntArray(GROUPS * PAGES);
    private final IntArray tokens = new IntArray(GROUPS);

    private final FloatArray importance = new FloatArray(GROUPS * DIGEST_FRAMES * PAGE);
    private final IntArray keys = new IntArray(GROUPS * DIGEST_FRAMES * PAGE);
    private final IntArray winners = new IntArray(GROUPS * K);
    private final IntArray counts = new IntArray(GROUPS);
    private final FloatArray partials = new FloatArray(GROUPS * SHARED * 2 * PagedAttention.partialSize(DIM));
    private final FloatArray out = new FloatArray(GROUPS * SHARED * DIM);

    @Test
    void eachTokenOfASequenceIsAttendedAndItsPagesSelectedAsByTheReference() throws TornadoExecutionPlanException {
        var graph = new TaskGraph("layer");
        var grids = new GridScheduler();
        addKernels(new TaskList(graph, grids, new KernelContext()));
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(grids);
            for (int position = 0; position < TOKENS; position++) {
                prepare(position);
                plan.execute();
                check(position);
            }
        }
    }

    private void addKernels(TaskList tasks) {
        var heads = new Heads(GROUPS, GROUPS * SHARED);
        tasks.graph()
                .transferToDevice(DataTransferMode.FIRST_EXECUTION, frames.array(), keys)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, q, k, v, frame, slot, full, digestFrame, lane,
                        digestFrames, judged, range, list, tokens);
        PageAppend.addTo(tasks, "append", k, v, frame, slot, frames.buffer);
        PageDigest.addTo(tasks, "digest", frames.buffer, full, digestFrame, lane, DigestKind.CUBOID_MEAN);
        DigestScore.addTo(tasks, "score", q, frames.buffer, digestFrames, judged, importance, DigestKind.CUBOID_MEAN,
                HeadAggregation.MEAN, heads);
        TopK.addTo(tasks, "select", importance, range, keys, winners, counts);
        PagedAttention.addTo(tasks, "attend", q, frames.buffer, list, tokens, partials, heads, new Parts(0, 2, 2));
        PagedAttention.addMergeTo(tasks, "merge", partials, tokens, tokens, out, GEOMETRY, heads, 2, 0);
        tasks.graph().transferToHost(DataTransferMode.EVERY_EXECUTION, winners, counts, out);
    }

    private int pageFrame(int group, int page) {
        return order[group * GROUP_FRAMES + page];
    }

    private int digestFrame(int group, int page) {
        return order[group * GROUP_FRAMES + PAGES + page / PAGE];
    }

    private int[] digestFrames(int group) {
        int first = group * GROUP_FRAMES + PAGES;
        return Arrays.copyOfRange(order, first, first + DIGEST_FRAMES);
    }

    private void prepare(int position) {
        int page = position / PAGE;
        boolean opens = position % PAGE == 0 && page > 0;
        slot.set(0, position % PAGE);
        for (var each : new FloatArray[]{q, k, v}) {
            for (int i = 0; i < each.getSize(); i++) {
                each.set(i, (float) random.nextGaussian());
            }
        }
        for (int group = 0; group < GROUPS; group++) {
            frame.set(group, pageFrame(group, page));
            full.set(group, opens ? pageFrame(group, page - 1) : -1);
            digestFrame.set(group, opens ? digestFrame(group, page - 1) : 0);
            lane.set(group, opens ? (page - 1) % PAGE : 0);
            for (int i = 0; i < DIGEST_FRAMES; i++) {
                digestFrames.set(group * DIGEST_FRAMES + i, digestFrame(group, i * PAGE));
            }
            judged.set(group, page);
            range.set(3 * group, 0);
            range.set(3 * group + 1, page);
            range.set(3 * group + 2, K);
            list.set(group * PAGES + page, pageFrame(group, page));
            tokens.set(group, position + 1);
            dev.kvasir.kernels.page.reference.PageAppend.append(expected, pageFrame(group, page), 0, position % PAGE, 1,
                    k.toHeapArray(), v.toHeapArray(), group * DIM, DIM);
            if (opens) {
                dev.kvasir.kernels.digest.reference.PageDigest.digest(expected, DigestKind.CUBOID_MEAN,
                        pageFrame(group, page - 1), 0, digestFrames(group), page - 1);
            }
        }
    }

    private void check(int position) {
        int judgedPages = position / PAGE;
        float[] queries = q.toHeapArray();
        float[] attended = new float[queries.length];
        for (int group = 0; group < GROUPS; group++) {
            float[] scores = new float[judgedPages];
            for (int page = 0; page < judgedPages; page++) {
                scores[page] = dev.kvasir.kernels.digest.reference.DigestScore.score(expected, DigestKind.CUBOID_MEAN,
                        HeadAggregation.MEAN, digestFrames(group), page, queries, group * SHARED * DIM,
                        SHARED);
            }
            int[] chosen = new int[K];
            int count = dev.kvasir.kernels.choice.reference.TopK.select(scores, 0, judgedPages, K, chosen);
            assertThat(counts.get(group)).as("token %d", position).isEqualTo(count);
            assertThat(Arrays.copyOfRange(winners.toHeapArray(), group * K, group * K + count))
                    .as("token %d, group %d", position, group)
                    .isEqualTo(Arrays.copyOf(chosen, count));

            int[] pages = Arrays.copyOfRange(order, group * GROUP_FRAMES, group * GROUP_FRAMES + PAGES);
            float[] partial = new float[DIM + 2];
            for (int h = 0; h < SHARED; h++) {
                int row = (group * SHARED + h) * DIM;
                dev.kvasir.kernels.attention.reference.PagedAttention.attend(expected, pages, position + 1, 0, queries,
                        row,
                        partial, 0);
                dev.kvasir.kernels.attention.reference.PagedAttention.merge(partial, 0, 1, DIM + 2, DIM, attended, row);
            }
        }
        assertThat(Samples.distance(out.toHeapArray(), attended)).as("token %d", position).isLessThan(2e-6);
    }
}
