package dev.kvasir.kvcache.plan;

/**
 * What the cache must know of a model.
 *
 * @param layers attention layers
 * @param queryHeads query heads a layer
 * @param kvHeads KV heads a layer; divides the query heads
 * @param headDim elements of one key
 */
public record CacheShape(int layers, int queryHeads, int kvHeads, int headDim) {
    public CacheShape {
        if (layers < 1 || queryHeads < 1 || kvHeads < 1 || headDim < 1) {
            throw new IllegalArgumentException("%d layers of %d query heads and %d KV heads of %d dimensions"
                    .formatted(layers, queryHeads, kvHeads, headDim) + " make no cache: all must be at least 1");
        }
        if (queryHeads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "%d query heads are no multiple of %d KV heads".formatted(queryHeads, kvHeads));
        }
    }

    /** Query heads that share one KV head. */
    public int shared() {
        return queryHeads / kvHeads;
    }

    /** Floats of the keys of one token: {@code [kvHeads][headDim]}. */
    public int kvWidth() {
        return kvHeads * headDim;
    }

    /** Floats of the queries of one token: {@code [queryHeads][headDim]}. */
    public int queryWidth() {
        return queryHeads * headDim;
    }
}
