package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.HostTransfers;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Memory for page frames, and the operations on them. All heads of a layer are {@code groups * geometry.heads()} KV heads, group after group;
 * query head {@code h} reads KV head {@code h / (queryHeads / kvHeads)}.
 *
 * <p>Not thread-safe: one call at a time; a call may use many cores inside. {@link #transfers} may copy frames beside a
 * call that uses none of them.
 */
public interface KvDevice extends FrameDevice {

    /** The bytes of one frame: transfers read and write them. */
    MemorySegment frame(int frame);

    /**
     * Stores the keys and values of {@code tokens} consecutive tokens in slots {@code slot}.. of a frame. Token {@code t}
     * has its key at {@code k[offset + t * stride]} and its value at {@code v[offset + t * stride]}, each
     * {@code [heads][headDim]}; keys are post-RoPE.
     */
    void append(int frame, int slot, int tokens, float[] k, float[] v, int offset, int stride);

    /**
     * Digests the keys of a full frame.
     *
     * @param digestFrames {@code [pages / pageSize]} {@link DigestKind#frames} each: page {@code i} is digested in lane
     *            {@code i % pageSize} of the {@code i / pageSize}-th
     * @param page the number of the page
     */
    void digest(DigestKind kind, int frame, int[] digestFrames, int page);

    /**
     * Estimates the importance of pages {@code 0..pages-1} for one query, unscaled (no 1/sqrt(d), no softmax).
     *
     * @param digestFrames as {@link #digest} has filled them
     * @param q the query heads of this group, {@code [queryHeads][headDim]} from {@code qOffset}, post-RoPE
     * @param importance receives one number a page
     */
    void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q, int qOffset,
            int queryHeads, float[] importance);

    /** Buffers for the partial results of one {@link #attend}, for lists of up to {@code maxFrames} frames. */
    PartialResults newPartialResults(int queryHeads, int groups, int maxFrames);

    /**
     * Attends one query to the listed frames, scale 1/sqrt(headDim), and adds the partial results to {@code results}, cut
     * into chunks that depend on the lists alone, never on threads or time.
     *
     * @param q {@code [queryHeads][headDim]} from {@code qOffset}
     * @param lists one list a selection group; they may differ in length
     */
    void attend(float[] q, int qOffset, FrameList[] lists, PartialResults results);

    /** Merges the partial results by log-sum-exp in the order they were added, writes {@code [queryHeads][headDim]}, and empties them. */
    void merge(PartialResults results, float[] out, int outOffset);

    /**
     * Causal attention of a run of queries, all of whose keys are already in the listed frames: query {@code i} sees the
     * first {@code before[list] + i + 1} tokens of a list.
     *
     * @param q {@code [tokens][queryHeads][headDim]}
     * @param before tokens of each list before that of the first query
     * @param out {@code [tokens][queryHeads][headDim]}
     */
    void prefill(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists, float[] out);

    /**
     * As {@link #prefill}, to the same bits, if the tokens come part by part, in their order. Each part but the last holds
     * tokens before the first query and fills whole tiles: their number is a multiple of 128.
     *
     * @param before tokens before that of the first query, in all parts
     * @param partStart tokens before those of this part
     * @param lists the frames of this part; the last part holds the tokens of all queries
     * @param state of these queries, carried from part to part
     * @param out written with the last part
     */
    void prefillPart(float[] q, int tokens, int queryHeads, int before, int partStart, FrameList[] lists,
            CausalState state, float[] out);

    /**
     * As {@link #attend}, and leaves the logits of the query in {@code rows}, which have room for one query and the
     * longest list; nothing else may have been added to the results. The weights follow with {@link #mergeObserved}.
     */
    void attendObserved(float[] q, int qOffset, FrameList[] lists, PartialResults results, AttentionRows rows);

    /** As {@link #merge} after {@link #attendObserved}, and leaves the weights of the query in {@code rows}. */
    void mergeObserved(PartialResults results, float[] out, int outOffset, AttentionRows rows);

    /**
     * As {@link #prefill}, to the same bits, and leaves the logits and weights of all these queries in {@code rows}, which
     * have room for them.
     */
    void prefillObserved(float[] q, int tokens, int queryHeads, int[] before, FrameList[] lists, float[] out,
            AttentionRows rows);

    /**
     * Copies single tokens, bit for bit, of frames of one list to the first {@code count} places of another: token
     * {@code i} of a list is in slot {@code i % pageSize} of its frame {@code i / pageSize}. The two lists may be one, as
     * long as {@code tokens} ascend, so that no token is overwritten before it has been copied.
     */
    void copyTokens(int[] from, int[] tokens, int count, int[] to);

    /**
     * Reads element {@code d} of the keys of the first {@code tokens} tokens of listed frames.
     *
     * @param head the KV head within the frame
     * @param values receives {@code tokens} numbers
     */
    void readKeys(int[] frames, int tokens, int head, int d, float[] values);

    /** The bytes of every frame. */
    default MemorySegment[] memory() {
        var memory = new MemorySegment[frames()];
        Arrays.setAll(memory, this::frame);
        return memory;
    }

    @Override
    default PageTransfers transfers(HostStore host, BackupType backups) {
        return HostTransfers.of(memory(), host, backups, geometry(), null);
    }
}
