package dev.kvasir.kvcache.policy;

/**
 * The least budget that a policy can hold.
 *
 * @param pages how many
 * @param because their sum, as a message prints it: {@code twice 2 sink + 2 window}
 */
public record PageFloor(int pages, String because) {

    /** The floor under the general rule, which leaves one page to choose: {@link PageLimits#floor}. */
    public static PageFloor of(PolicySettings settings) {
        return new PageFloor(PageLimits.floor(settings.sinkPages(), settings.windowPages()),
                "twice %d sink + %d window".formatted(settings.sinkPages(), settings.windowPages()));
    }
}
