package dev.kvasir.kvcache.event;

import dev.kvasir.kvcache.page.PageState;

/** Counts what happens to pages, per layer. A listener like any other. */
public final class CacheCounters implements CacheEvents {
    private static final int KINDS = Kind.values().length;

    private final long[] events; // [layers][kinds]
    private final long[] bytes; // [layers][kinds]

    /** All at zero. */
    public CacheCounters(int layers) {
        events = new long[layers * KINDS];
        bytes = new long[layers * KINDS];
    }

    @Override
    public void page(Kind kind, PageState state, long step, int layer, int sequence, int group, int page,
            float importance, long moved) {
        int at = layer * KINDS + kind.ordinal();
        events[at]++;
        bytes[at] += moved;
    }

    /** How often it happened in one layer. */
    public long events(Kind kind, int layer) {
        return events[layer * KINDS + kind.ordinal()];
    }

    /** How often it happened. */
    public long events(Kind kind) {
        return sum(events, kind);
    }

    /** The bytes it moved or freed. */
    public long bytes(Kind kind) {
        return sum(bytes, kind);
    }

    private static long sum(long[] numbers, Kind kind) {
        long sum = 0;
        for (int i = kind.ordinal(); i < numbers.length; i += KINDS) {
            sum += numbers[i];
        }
        return sum;
    }
}
