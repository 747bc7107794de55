package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.attention.vector.AttentionWeights;
import dev.kvasir.kernels.attention.vector.CausalAttention;
import dev.kvasir.kernels.attention.vector.Merge;
import dev.kvasir.kernels.attention.vector.PagedAttention;
import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.choice.vector.TopK;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.digest.vector.DigestScore;
import dev.kvasir.kernels.digest.vector.PageDigest;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.vector.PageAppend;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.VectorModule;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.HostTransfers;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Frames in host memory and the Vector API kernels on a team of workers. Results do not depend on the number of workers.
 * Nothing is allocated once every operation has been called with its largest arguments.
 */
public final class VectorKvDevice implements KvDevice {
    private final FrameMemory memory;
    private final FrameArray frames;
    private final PageGeometry geometry;
    private final Workers workers;
    private final PageAppend append;
    private final PageDigest digest;
    private final DigestScore score;
    private final TopK topK = new TopK();
    private final PagedAttention attention;
    private final Merge merge;
    private final CausalAttention causal;
    private PagedAttention.Partials[] partials = {}; // [groups]
    private int[][] prefillLists = {}; // [groups]
    private int[] partBefore = {}; // [groups]
    private final Workers.RangeTask weighRows = this::weighRows;
    private AttentionRows weighed = new AttentionRows(0);

    /**
     * Allocates the frames.
     *
     * @param workers the team to share the work; it stays the caller's to close
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the system does not give that much memory
     */
    public VectorKvDevice(PageGeometry geometry, int frames, Workers workers) {
        VectorModule.require();
        this.geometry = geometry;
        this.workers = workers;
        this.memory = new FrameMemory(geometry, frames);
        this.frames = memory.frames;
        this.append = new PageAppend(this.frames);
        this.digest = new PageDigest(this.frames);
        this.score = new DigestScore(this.frames, workers);
        this.attention = new PagedAttention(this.frames, workers);
        this.merge = new Merge(geometry.headDim(), workers);
        this.causal = new CausalAttention(this.frames, workers);
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
    public PageTransfers transfers(HostStore host, BackupType backups) {
        return HostTransfers.of(memory(), host, backups, geometry, workers);
    }

    @Override
    public MemorySegment frame(int frame) {
        return memory.frame(frame);
    }

    @Override
    public void append(int frame, int slot, int tokens, float[] k, float[] v, int offset, int stride) {
        memory.checkAppend(frame, slot, tokens);
        for (int head = 0; head < geometry.heads(); head++) {
            append.append(frame, head, slot, tokens, k, v, offset, stride);
        }
    }

    @Override
    public void digest(DigestKind kind, int frame, int[] digestFrames, int page) {
        memory.checkDigest(kind, digestFrames, page);
        for (int head = 0; head < geometry.heads(); head++) {
            digest.digest(kind, frame, head, digestFrames, page);
        }
    }

    @Override
    public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
            int qOffset,
            int queryHeads, float[] importance) {
        memory.checkQueryHeads(queryHeads, geometry.heads());
        score.score(kind, aggregation, digestFrames, pages, q, qOffset, queryHeads, importance);
    }

    @Override
    public int select(float[] importance, int from, int to, int k, int[] winners) {
        return topK.select(importance, from, to, k, winners);
    }

    @Override
    public PartialResults newPartialResults(int queryHeads, int groups, int maxFrames) {
        memory.checkQueryHeads(queryHeads, groups * geometry.heads());
        // One more, because residents and late arrivals each end in a chunk of their own.
        int parts = PagedAttention.chunks(Math.multiplyExact(maxFrames, geometry.pageSize())) + 1;
        return new PartialResults(queryHeads, groups, PartialResult.size(geometry.headDim()), parts);
    }

    @Override
    public void attend(float[] q, int qOffset, FrameList[] lists, PartialResults results) {
        listPartials(lists, results);
        attention.attend(q, qOffset, results.queryHeads, partials);
    }

    private void listPartials(FrameList[] lists, PartialResults results) {
        if (partials.length != results.groups) {
            partials = new PagedAttention.Partials[results.groups];
            Arrays.setAll(partials, i -> new PagedAttention.Partials());
        }
        for (int group = 0; group < results.groups; group++) {
            int tokens = memory.tokens(lists[group]);
            int first = results.add(group, PagedAttention.chunks(tokens));
            partials[group].attend(lists[group].frames(), tokens, results.records(group),
                    results.recordOffset(first, 0));
        }
    }

    @Override
    public void attendObserved(float[] q, int qOffset, FrameList[] lists, PartialResults results, AttentionRows rows) {
        listPartials(lists, results);
        for (int group = 0; group < results.groups; group++) {
            partials[group].observe(rows.logits(), group * results.groupHeads * rows.stride(), rows.stride());
        }
        attention.attend(q, qOffset, results.queryHeads, partials);
        memory.countRows(results, lists, rows);
    }

    @Override
    public void mergeObserved(PartialResults results, float[] out, int outOffset, AttentionRows rows) {
        memory.sumRows(results, rows);
        merge(results, out, outOffset);
        weighed = rows;
        weighRows.run(0, 0, rows.queryHeads());
    }

    private void weighRows(int worker, int from, int to) {
        for (int row = from; row < to; row++) {
            AttentionWeights.weights(weighed.logits(), row * weighed.stride(), weighed.counts()[row],
                    weighed.logSums()[row], weighed.weights());
        }
    }

    @Override
    public void merge(PartialResults results, float[] out, int outOffset) {
        merge.merge(results.records(), results.parts(), results.queryHeads, out, outOffset);
        results.clear();
    }

    @Override
    public void prefill(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists, float[] out) {
        memory.checkPrefill(lists, tokens, before);
        listPrompt(queryHeads, lists);
        causal.attend(q, tokens, queryHeads, before, prefillLists, out);
    }

    @Override
    public void prefillPart(float[] q, int tokens, int queryHeads, int before, int partStart, FrameList[] lists,
            CausalState state, float[] out) {
        int partTokens = memory.checkPart(lists, tokens, before, partStart);
        listPrompt(queryHeads, lists);
        if (partBefore.length != lists.length) {
            partBefore = new int[lists.length];
        }
        Arrays.fill(partBefore, before);
        causal.attendPart(q, tokens, queryHeads, partBefore, partStart, partTokens, prefillLists, state, out);
    }

    @Override
    public void prefillObserved(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists,
            float[] out, AttentionRows rows) {
        memory.checkPrefill(lists, tokens, before);
        listPrompt(queryHeads, lists);
        causal.attend(q, tokens, queryHeads, before, prefillLists, out, rows.logits(), rows.stride(),
                rows.logSums());
        rows.setCausal(tokens, before);
        weighed = rows;
        workers.forEachRange(tokens * queryHeads, queryHeads, weighRows);
    }

    private void listPrompt(int queryHeads, FrameList[] lists) {
        memory.checkQueryHeads(queryHeads, lists.length * geometry.heads());
        if (prefillLists.length != lists.length) {
            prefillLists = new int[lists.length][];
        }
        for (int group = 0; group < lists.length; group++) {
            prefillLists[group] = lists[group].frames();
        }
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
