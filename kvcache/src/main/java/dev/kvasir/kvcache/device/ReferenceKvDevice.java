package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.attention.reference.AttentionWeights;
import dev.kvasir.kernels.attention.reference.CausalAttention;
import dev.kvasir.kernels.attention.reference.PagedAttention;
import dev.kvasir.kernels.choice.reference.TopK;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.digest.reference.DigestScore;
import dev.kvasir.kernels.digest.reference.PageDigest;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.reference.PageAppend;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Scalar, single-threaded, in double precision inside: the control for every other device. Tests replace its
 * {@link #transfers}.
 */
public class ReferenceKvDevice implements KvDevice {
    private static final float[] UNOBSERVED = {};

    private final FrameMemory memory;
    private final FrameArray frames;
    private final PageGeometry geometry;

    /**
     * Allocates the frames.
     *
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the system does not give that much memory
     */
    public ReferenceKvDevice(PageGeometry geometry, int frames) {
        this.geometry = geometry;
        this.memory = new FrameMemory(geometry, frames);
        this.frames = memory.frames;
    }

    @Override
    public PageGeometry geometry() {
        return geometry;
    }

    @Override
    public int frames() {
        return frames.count();
    }

    @Override
    public MemorySegment frame(int frame) {
        return memory.frame(frame);
    }

    @Override
    public void append(int frame, int slot, int tokens, float[] k, float[] v, int offset, int stride) {
        memory.checkAppend(frame, slot, tokens);
        for (int head = 0; head < geometry.heads(); head++) {
            PageAppend.append(frames, frame, head, slot, tokens, k, v, offset, stride);
        }
    }

    @Override
    public void digest(DigestKind kind, int frame, int[] digestFrames, int page) {
        memory.checkDigest(kind, digestFrames, page);
        for (int head = 0; head < geometry.heads(); head++) {
            PageDigest.digest(frames, kind, frame, head, digestFrames, page);
        }
    }

    @Override
    public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
            int qOffset,
            int queryHeads, float[] importance) {
        memory.checkQueryHeads(queryHeads, geometry.heads());
        for (int page = 0; page < pages; page++) {
            importance[page] = DigestScore.score(frames, kind, aggregation, digestFrames, page, q, qOffset, queryHeads);
        }
    }

    @Override
    public int select(float[] importance, int from, int to, int k, int[] winners) {
        return TopK.select(importance, from, to, k, winners);
    }

    @Override
    public PartialResults newPartialResults(int queryHeads, int groups, int maxFrames) {
        memory.checkQueryHeads(queryHeads, groups * geometry.heads());
        return new PartialResults(queryHeads, groups, PartialResult.size(geometry.headDim()), 2);
    }

    @Override
    public void attend(float[] q, int qOffset, FrameList[] lists, PartialResults results) {
        attend(q, qOffset, lists, results, UNOBSERVED, 0);
    }

    private void attend(float[] q, int qOffset, FrameList[] lists, PartialResults results, float[] logits,
            int stride) {
        int shared = results.groupHeads / geometry.heads();
        for (int group = 0; group < results.groups; group++) {
            int tokens = memory.tokens(lists[group]);
            if (tokens == 0) {
                continue;
            }
            int part = results.add(group, 1);
            for (int h = 0; h < results.groupHeads; h++) {
                PagedAttention.attend(frames, lists[group].frames(), tokens, h / shared, q,
                        qOffset + (group * results.groupHeads + h) * geometry.headDim(), results.records(group),
                        results.recordOffset(part, h), logits, (group * results.groupHeads + h) * stride);
            }
        }
    }

    @Override
    public void merge(PartialResults results, float[] out, int outOffset) {
        for (int h = 0; h < results.queryHeads; h++) {
            int group = h / results.groupHeads;
            PagedAttention.merge(results.records(group), results.recordOffset(0, h % results.groupHeads),
                    results.parts(group), results.recordOffset(1, 0), geometry.headDim(), out,
                    outOffset + h * geometry.headDim());
        }
        results.clear();
    }

    @Override
    public void prefill(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists, float[] out) {
        prefill(q, tokens, queryHeads, before, lists, out, UNOBSERVED, 0, UNOBSERVED);
    }

    @Override
    public void prefillPart(float[] q, int tokens, int queryHeads, int before, int partStart, FrameList[] lists,
            CausalState state, float[] out) {
        int partTokens = memory.checkPart(lists, tokens, before, partStart);
        memory.checkQueryHeads(queryHeads, lists.length * geometry.heads());
        CausalAttention.attendPart(frames, q, tokens, queryHeads, before, partStart, partTokens, listed(lists), state,
                out);
    }

    private void prefill(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists, float[] out,
            float[] logits, int stride, float[] logSums) {
        memory.checkPrefill(lists, tokens, before);
        memory.checkQueryHeads(queryHeads, lists.length * geometry.heads());
        CausalAttention.attend(frames, q, tokens, queryHeads, before, listed(lists), out, logits, stride, logSums);
    }

    private static int[][] listed(FrameList[] lists) {
        return Arrays.stream(lists).map(FrameList::frames).toArray(int[][]::new);
    }

    @Override
    public void attendObserved(float[] q, int qOffset, FrameList[] lists, PartialResults results, AttentionRows rows) {
        attend(q, qOffset, lists, results, rows.logits(), rows.stride());
        memory.countRows(results, lists, rows);
    }

    @Override
    public void mergeObserved(PartialResults results, float[] out, int outOffset, AttentionRows rows) {
        memory.sumRows(results, rows);
        merge(results, out, outOffset);
        weigh(rows, 1);
    }

    private static void weigh(AttentionRows rows, int queries) {
        for (int row = 0; row < queries * rows.queryHeads(); row++) {
            AttentionWeights.weights(rows.logits(), row * rows.stride(), rows.counts()[row], rows.logSums()[row],
                    rows.weights());
        }
    }

    @Override
    public void prefillObserved(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists,
            float[] out, AttentionRows rows) {
        prefill(q, tokens, queryHeads, before, lists, out, rows.logits(), rows.stride(), rows.logSums());
        rows.setCausal(tokens, before);
        weigh(rows, tokens);
    }

    @Override
    public void copyTokens(int[] from, int[] tokens, int count, int[] to) {
        TokenMoves.copy(frames, from, tokens, count, to);
    }

    @Override
    public void readKeys(int[] list, int tokens, int head, int d, float[] values) {
        TokenMoves.readKeys(frames, list, tokens, head, d, values);
    }

    @Override
    public void close() {
        memory.close();
    }
}
