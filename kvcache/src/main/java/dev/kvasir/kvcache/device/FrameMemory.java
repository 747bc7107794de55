package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.memory.BigMemory;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.plan.KvMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The frames of a device that computes on the host: one block of off-heap memory, zeroed, and the checks all share. */
final class FrameMemory implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    final FrameArray frames;

    FrameMemory(PageGeometry geometry, int count) {
        if (count < 1) {
            arena.close();
            throw new IllegalArgumentException("%d frames hold nothing: at least 1 is needed".formatted(count));
        }
        long bytes = FrameArray.bytes(geometry, count);
        try {
            frames = new FrameArray(geometry, BigMemory.allocate(arena, bytes), count);
        } catch (OutOfMemoryError e) {
            arena.close();
            var refusal = new KvMemoryException(
                    "%d frames of %d bytes need %d MiB of memory outside the heap, which the system does not give: lower CacheOptions.deviceMemory or CacheOptions.budget"
                            .formatted(count, FrameArray.stride(geometry), bytes >> 20));
            refusal.initCause(e);
            throw refusal;
        }
    }

    MemorySegment frame(int frame) {
        return frames.memory().asSlice(frames.offset(frame), frames.geometry().frameBytes());
    }

    void checkAppend(int frame, int slot, int tokens) {
        int pageSize = frames.geometry().pageSize();
        frames.offset(frame);
        if (slot < 0 || tokens < 0 || slot + tokens > pageSize) {
            throw new IndexOutOfBoundsException("slots %d to %d are not in a page of %d".formatted(slot,
                    slot + tokens - 1, pageSize));
        }
    }

    void checkDigest(DigestKind kind, int[] digestFrames, int page) {
        int each = kind.frames(frames.geometry());
        int digests = digestFrames.length / each * frames.geometry().pageSize();
        if (page < 0 || page >= digests) {
            throw new IndexOutOfBoundsException("page %d is none of the %d that %d digest frames have room for"
                    .formatted(page, digests, digestFrames.length));
        }
        int first = page / frames.geometry().pageSize() * each;
        for (int i = first; i < first + each; i++) {
            frames.offset(digestFrames[i]);
        }
    }

    void checkQueryHeads(int queryHeads, int heads) {
        if (queryHeads < heads || queryHeads % heads != 0) {
            throw new IllegalArgumentException(
                    "%d query heads do not divide over %d KV heads".formatted(queryHeads, heads));
        }
    }

    /** Tokens in the frames of a list. */
    int tokens(FrameList list) {
        int pageSize = frames.geometry().pageSize();
        if (list.size() == 0) {
            return 0;
        }
        if (list.tokensInLast() < 1 || list.tokensInLast() > pageSize) {
            throw new IllegalArgumentException(
                    "the last frame of a list holds %d tokens; 1 to %d can be attended".formatted(
                            list.tokensInLast(), pageSize));
        }
        return Math.multiplyExact(list.size() - 1, pageSize) + list.tokensInLast();
    }

    /** Refuses lists that do not hold all the tokens that the last query of a run sees. */
    void checkPrefill(FrameList[] lists, int tokens, int[] before) {
        for (int i = 0; i < lists.length; i++) {
            if (tokens(lists[i]) < before[i] + tokens) {
                throw new IllegalArgumentException(
                        "a list of %d tokens lacks keys of the queries at its places %d to %d: append them first"
                                .formatted(tokens(lists[i]), before[i], before[i] + tokens - 1));
            }
        }
    }

    /** Refuses a part of lists that lacks keys of its queries; returns the tokens of the part. */
    int checkPart(FrameList[] lists, int tokens, int before, int partStart) {
        int inPart = tokens(lists[0]);
        for (var list : lists) {
            if (tokens(list) != inPart || partStart + inPart > before && partStart + inPart < before + tokens) {
                throw new IllegalArgumentException(
                        "a part of %d and %d tokens from %d: all lists must be equal, and end before query %d or at %d"
                                .formatted(inPart, tokens(list), partStart, before, before + tokens));
            }
        }
        return inPart;
    }

    /** Notes how many tokens the heads of each list have just attended to. */
    void countRows(PartialResults results, FrameList[] lists, AttentionRows rows) {
        for (int group = 0; group < results.groups; group++) {
            rows.setCount(group * results.groupHeads, results.groupHeads, tokens(lists[group]));
        }
    }

    /** The log-sums of all query heads from their partial results, before those are merged and forgotten. */
    void sumRows(PartialResults results, AttentionRows rows) {
        for (int h = 0; h < results.queryHeads; h++) {
            int group = h / results.groupHeads;
            rows.logSums()[h] = PartialResult.logSum(results.records(group),
                    results.recordOffset(0, h % results.groupHeads), results.parts(group),
                    results.recordOffset(1, 0), frames.geometry().headDim());
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
