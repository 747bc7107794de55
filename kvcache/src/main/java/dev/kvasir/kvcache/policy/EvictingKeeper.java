package dev.kvasir.kvcache.policy;

/** A keeper of a policy that evicts: tokens leave for good. */
public non-sealed interface EvictingKeeper extends TokenKeeper {

    /**
     * Divides the budget of the layer among its KV heads, at the end of a text after which they hold more than it. The cache
     * refuses a division that needs more frames than equal budgets do.
     *
     * @param budgets tokens of each KV head: holds equal budgets, receives the division; each at least 1
     * @param pageSize tokens of a frame; a KV head takes whole frames
     */
    default void divide(TokenView tokens, int[] budgets, int pageSize) {}

    /**
     * The tokens to keep of one KV head that holds more than the budget.
     *
     * @param kept receives their positions, ascending
     * @return how many, 1 to the budget
     */
    int retain(TokenView tokens, int kvHead, int[] kept);

    /** The position of the token that leaves for the next one, which has position {@code tokens.length()}. */
    int leaving(TokenView tokens, int kvHead);
}
