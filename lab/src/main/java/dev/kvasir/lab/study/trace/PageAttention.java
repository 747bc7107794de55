package dev.kvasir.lab.study.trace;

import java.util.Arrays;

/**
 * The exact attention of one query of a trace to the pages of one selection group. Digests estimate it. With
 * {@code s_h,t = q_h . k_t} over the tokens {@code t} that the query sees, and the mean over the query heads {@code h}
 * of the group:
 *
 * <pre>
 * importance of a page   mean_h max_{t in page} s_h,t                     unscaled, as in the paper's section 5.2
 * mass of a page         mean_h sum_{t in page} softmax_t(s_h,t / sqrt(headDim))
 * </pre>
 *
 * Not thread-safe.
 */
public final class PageAttention {
    private final AttentionTrace trace;
    private final int groups;
    private final int pageSize;
    private final float[] dots; // [tokens] of one head
    private final double[] importance; // [pages]
    private final double[] mass; // [pages]
    private int pages;

    /**
     * Room for every query of a trace.
     *
     * @param groups selection groups; divides the KV heads
     * @param pageSize tokens a page
     */
    public PageAttention(AttentionTrace trace, int groups, int pageSize) {
        this.trace = trace;
        this.groups = groups;
        this.pageSize = pageSize;
        dots = new float[trace.tokens()];
        int maxPages = (trace.tokens() + pageSize - 1) / pageSize;
        importance = new double[maxPages];
        mass = new double[maxPages];
    }

    /** Computes the attention of query {@code step} of a layer, for the query heads of one group. */
    public void compute(int layer, int step, int group) {
        int heads = trace.shape().queryHeads() / groups;
        compute(layer, step, group * heads, heads);
    }

    /** Computes the attention of query {@code step} of a layer, for one query head alone. */
    public void computeHead(int layer, int step, int queryHead) {
        compute(layer, step, queryHead, 1);
    }

    private void compute(int layer, int step, int firstHead, int heads) {
        var shape = trace.shape();
        int tokens = trace.position(step) + 1;
        int shared = shape.queryHeads() / shape.kvHeads();
        pages = (tokens + pageSize - 1) / pageSize;
        Arrays.fill(importance, 0, pages, 0);
        Arrays.fill(mass, 0, pages, 0);
        for (int h = firstHead; h < firstHead + heads; h++) {
            dots(layer, step, h, h / shared, tokens);
            addHead(tokens, 1.0 / heads);
        }
    }

    private void dots(int layer, int step, int queryHead, int kvHead, int tokens) {
        int headDim = trace.shape().headDim();
        float[] q = trace.queries(layer);
        float[] k = trace.keys(layer);
        int query = step * trace.queryStride() + queryHead * headDim;
        for (int t = 0; t < tokens; t++) {
            int key = t * trace.keyStride() + kvHead * headDim;
            float dot = 0;
            for (int d = 0; d < headDim; d++) {
                dot += q[query + d] * k[key + d];
            }
            dots[t] = dot;
        }
    }

    private void addHead(int tokens, double share) {
        double scale = 1 / Math.sqrt(trace.shape().headDim());
        float top = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < tokens; t++) {
            top = Math.max(top, dots[t]);
        }
        double sum = 0;
        for (int t = 0; t < tokens; t++) {
            sum += Math.exp((dots[t] - top) * scale);
        }
        for (int page = 0; page < pages; page++) {
            float largest = Float.NEGATIVE_INFINITY;
            double weight = 0;
            for (int t = page * pageSize; t < Math.min(tokens, (page + 1) * pageSize); t++) {
                largest = Math.max(largest, dots[t]);
                weight += Math.exp((dots[t] - top) * scale);
            }
            importance[page] += share * largest;
            mass[page] += share * weight / sum;
        }
    }

    /** The number of pages that the query sees, including a partial last one. */
    public int pages() {
        return pages;
    }

    /** The largest product with a key of the page, as the mean over the heads. */
    public float importance(int page) {
        return (float) importance[page];
    }

    /** The attention weight of a page's tokens, as the mean over the heads. The sum over all pages is 1. */
    public double mass(int page) {
        return mass[page];
    }
}
