package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.page.DigestKind;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.HeadAggregation;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.reference.DigestScore;
import dev.kvasir.kernels.reference.PageAppend;
import dev.kvasir.kernels.reference.PageDigest;
import dev.kvasir.kernels.reference.PagedAttention;
import dev.kvasir.kernels.reference.TopK;
import java.lang.foreign.MemorySegment;

/** Scalar, single-threaded, in double precision inside: the control for every other device. */
public final class ReferenceKvDevice implements KvDevice {
    private final FrameMemory memory;
    private final FrameArray frames;
    private final PageGeometry geometry;

    /**
     * Allocates the frames.
     *
     * @throws dev.kvasir.kvcache.KvMemoryException if the system does not give that much memory
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
    public void digest(DigestKind kind, int frame, int digestFrame, int lane) {
        memory.checkLane(digestFrame, lane);
        for (int head = 0; head < geometry.heads(); head++) {
            PageDigest.digest(frames, kind, frame, head, digestFrame, lane);
        }
    }

    @Override
    public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
            int qOffset,
            int queryHeads, float[] importance) {
        memory.checkQueryHeads(queryHeads, geometry.heads());
        int pageSize = geometry.pageSize();
        for (int page = 0; page < pages; page++) {
            importance[page] = DigestScore.score(frames, kind, aggregation, digestFrames[page / pageSize],
                    page % pageSize,
                    q, qOffset, queryHeads);
        }
    }

    @Override
    public int select(float[] importance, int from, int to, int k, int[] winners) {
        return TopK.select(importance, from, to, k, winners);
    }

    @Override
    public AttentionState newAttentionState(int queryHeads, int groups, int maxFrames) {
        memory.checkQueryHeads(queryHeads, groups * geometry.heads());
        return new PartialResults(queryHeads, groups, PagedAttention.partialSize(geometry.headDim()), 2);
    }

    @Override
    public void attend(float[] q, int qOffset, FrameList[] lists, AttentionState state) {
        var results = (PartialResults) state;
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
                        results.recordOffset(part, h));
            }
        }
    }

    @Override
    public void merge(AttentionState state, float[] out, int outOffset) {
        var results = (PartialResults) state;
        for (int h = 0; h < results.queryHeads; h++) {
            int group = h / results.groupHeads;
            PagedAttention.merge(results.records(group), results.recordOffset(0, h % results.groupHeads),
                    results.parts(group), results.recordOffset(1, 0), geometry.headDim(), out,
                    outOffset + h * geometry.headDim());
        }
        results.clear();
    }

    @Override
    public void prefill(float[] q, int tokens, int queryHeads, int firstPosition, FrameList[] lists, float[] out) {
        memory.checkPrefill(lists, tokens, firstPosition);
        memory.checkQueryHeads(queryHeads, lists.length * geometry.heads());
        int headDim = geometry.headDim();
        int shared = queryHeads / (lists.length * geometry.heads());
        int groupHeads = queryHeads / lists.length;
        float[] partial = new float[PagedAttention.partialSize(headDim)];
        for (int i = 0; i < tokens; i++) {
            for (int h = 0; h < queryHeads; h++) {
                int at = (i * queryHeads + h) * headDim;
                PagedAttention.attend(frames, lists[h / groupHeads].frames(), firstPosition + i + 1,
                        h % groupHeads / shared,
                        q, at, partial, 0);
                PagedAttention.merge(partial, 0, 1, partial.length, headDim, out, at);
            }
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
