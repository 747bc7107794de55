package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The digests of all full pages of one layer and selection group of a trace, of several kinds. The scalar reference
 * kernels compute and score them. Pages are in the order of the sequence. All pages are digested at the start, which
 * changes nothing, because a digest depends on its own page only.
 */
public final class DigestEstimates implements AutoCloseable {
    private final AttentionTrace trace;
    private final int layer;
    private final int group;
    private final int queryHeads; // of the group
    private final int pages;
    private final ReferenceKvDevice device;
    private final Map<DigestKind, int[]> digestFrames = new EnumMap<>(DigestKind.class);
    private final float[] scores; // [pages]

    /**
     * Digests the keys of a layer.
     *
     * @param groups selection groups; divides the KV heads
     */
    public DigestEstimates(AttentionTrace trace, int layer, int group, int groups, int pageSize, KvType type,
            List<DigestKind> kinds) {
        this.trace = trace;
        this.layer = layer;
        this.group = group;
        var shape = trace.shape();
        queryHeads = shape.queryHeads() / groups;
        pages = trace.tokens() / pageSize;
        scores = new float[pages];
        var geometry = new PageGeometry(pageSize, shape.kvHeads() / groups, shape.headDim(), type);
        int next = 1; // frame 0 takes one page after the other
        for (var kind : kinds) {
            int[] frames = new int[(pages + pageSize - 1) / pageSize * kind.frames(geometry)];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = next++;
            }
            digestFrames.put(kind, frames);
        }
        device = new ReferenceKvDevice(geometry, next);
        float[] keys = trace.keys(layer);
        for (int page = 0; page < pages; page++) {
            int offset = page * pageSize * trace.keyStride() + group * geometry.heads() * shape.headDim();
            device.append(0, 0, pageSize, keys, keys, offset, trace.keyStride());
            for (var kind : kinds) {
                device.digest(kind, 0, frames(kind), page);
            }
        }
    }

    private int[] frames(DigestKind kind) {
        int[] frames = digestFrames.get(kind);
        if (frames == null) {
            throw new IllegalArgumentException("no digests of kind %s were made".formatted(kind.optionName()));
        }
        return frames;
    }

    /** Full pages of the trace. */
    public int pages() {
        return pages;
    }

    /**
     * The estimates of one kind of digest for the first {@code count} pages and query {@code step}.
     *
     * @return {@code [pages]}, overwritten by the next call
     */
    public float[] score(DigestKind kind, HeadAggregation aggregation, int step, int count) {
        int offset = step * trace.queryStride() + group * queryHeads * trace.shape().headDim();
        device.score(kind, aggregation, frames(kind), count, trace.queries(layer), offset, queryHeads, scores);
        return scores;
    }

    /**
     * The estimates of one kind of digest for the first {@code count} pages and one head of query {@code step}.
     *
     * @param head the query head within the group; the group must be a single KV head
     * @return {@code [pages]}, overwritten by the next call
     */
    public float[] scoreHead(DigestKind kind, int step, int count, int head) {
        int offset = step * trace.queryStride() + (group * queryHeads + head) * trace.shape().headDim();
        device.score(kind, HeadAggregation.MEAN, frames(kind), count, trace.queries(layer), offset, 1, scores);
        return scores;
    }

    @Override
    public void close() {
        device.close();
    }
}
