package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.plan.CacheOptions;

/**
 * The least budget that a policy can hold.
 *
 * @param pages how many
 * @param because what they are, as a message tells it: {@code twice 2 sink + 2 window}
 */
public record PageFloor(int pages, String because) {

    /** The floor under the general rule, which leaves one page to choose: {@link PageLimits#floor}. */
    public static PageFloor of(CacheOptions options) {
        return new PageFloor(PageLimits.floor(options.sinkPages(), options.windowPages()),
                "twice %d sink + %d window".formatted(options.sinkPages(), options.windowPages()));
    }
}
