package dev.kvasir.kvcache.policy;

/** A keeper of a policy that evicts: tokens leave for good. */
public non-sealed interface EvictingKeeper extends TokenKeeper {

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
