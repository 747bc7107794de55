package dev.kvasir.kvcache.option;

/**
 * How many selection groups a layer's KV heads form: those of one group share one choice of pages.
 *
 * @param count number of groups, or {@code PER_KV_HEAD}
 */
public record Groups(int count) {
    private static final int PER_KV_HEAD = 0;

    /** One choice of pages for the whole layer. */
    public static final Groups LAYER = new Groups(1);

    /** Each KV head chooses for itself. */
    public static final Groups KV_HEAD = new Groups(PER_KV_HEAD);

    public Groups {
        if (count < 0) {
            throw new IllegalArgumentException("%d groups: give layer, kv-head or a number from 1".formatted(count));
        }
    }

    /** Reads {@code layer}, {@code kv-head} or a number of groups. */
    public static Groups parse(String text) {
        return switch (text.strip()) {
            case "layer" -> LAYER;
            case "kv-head" -> KV_HEAD;
            default -> {
                try {
                    int count = Integer.parseInt(text.strip());
                    if (count < 1) {
                        throw new NumberFormatException("below 1");
                    }
                    yield new Groups(count);
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(
                            "groups '%s': write layer, kv-head or a number from 1".formatted(text), e);
                }
            }
        };
    }

    /**
     * The number of groups for {@code kvHeads} KV heads.
     *
     * @throws IllegalArgumentException if they cannot be split evenly
     */
    public int of(int kvHeads) {
        int groups = count == PER_KV_HEAD ? kvHeads : count;
        if (kvHeads % groups != 0) {
            throw new IllegalArgumentException(
                    "%d selection groups do not divide %d KV heads: set CacheOptions.groups to layer, kv-head or a divisor of %d"
                            .formatted(groups, kvHeads, kvHeads));
        }
        return groups;
    }

    @Override
    public String toString() {
        return count == PER_KV_HEAD ? "kv-head" : count == 1 ? "layer" : Integer.toString(count);
    }
}
