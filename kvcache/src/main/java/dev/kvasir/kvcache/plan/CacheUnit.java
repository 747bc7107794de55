package dev.kvasir.kvcache.plan;

/** What a cache keeps, evicts and counts. */
public enum CacheUnit {
    /** Pages of one selection group in one layer. */
    PAGE,
    /** Tokens of one KV head in one layer: they are filled as they come, evicted for good, and never backed up. */
    TOKEN;

    /** Several of them. */
    public String plural() {
        return switch (this) {
            case PAGE -> "pages";
            case TOKEN -> "tokens";
        };
    }
}
