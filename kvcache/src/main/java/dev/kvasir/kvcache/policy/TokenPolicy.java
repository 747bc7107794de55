package dev.kvasir.kvcache.policy;

/**
 * Decides which single tokens stay in a cache, each KV head for itself, or which of them a decoded token attends to. A
 * {@link java.util.ServiceLoader} service, so that a jar on the class path can add one. It has no state of its own: the
 * state for a layer of a sequence is in the {@link TokenKeeper} that it makes.
 *
 * <p>A prompt is read with full attention and cut down to the budget at its end, layer by layer, unless the keeper
 * requests blocks. A later text is read in the same way behind the tokens that were kept.
 */
public non-sealed interface TokenPolicy extends CachePolicy {

    @Override
    default TokenPolicy with(PolicySettings settings) {
        return this;
    }

    /**
     * Whether tokens leave for good; then its keepers are {@link EvictingKeeper}s, else {@link SelectingKeeper}s, which
     * choose the tokens that each decoded token attends to.
     */
    default boolean evicts() {
        return true;
    }

    @Override
    default boolean isBudgeted() {
        return true;
    }

    /**
     * Whether its keepers divide the budget of a layer among the KV heads at the end of a text, by {@link
     * EvictingKeeper#divide}.
     */
    default boolean dividesHeads() {
        return false;
    }

    /**
     * Makes the keeper of one layer of one sequence.
     *
     * @throws IllegalArgumentException if the budget is below what the policy needs: the message gives the least budget
     */
    TokenKeeper keeper(TokenScope scope);
}
