package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.plan.CacheOptions;

/**
 * Decides which single tokens stay in a cache, each KV head for itself, or which of them a decoded token attends to. A
 * {@link java.util.ServiceLoader} service, so that a jar on the class path can add one; without state of its own: what
 * it must remember of a layer of a sequence is in the {@link TokenKeeper} it makes for it.
 *
 * <p>A prompt is read with full attention and cut down to the budget at its end, layer by layer, unless the keeper wants
 * it in blocks.
 */
public non-sealed interface TokenPolicy extends CachePolicy {

    @Override
    default TokenPolicy with(CacheOptions options) {
        return this;
    }

    /** Whether tokens leave for good; if not, {@link TokenKeeper#select} chooses what each decoded token attends to. */
    default boolean evicts() {
        return true;
    }

    @Override
    default boolean isBudgeted() {
        return true;
    }

    /**
     * Makes the keeper of one layer of one sequence.
     *
     * @throws IllegalArgumentException if the budget is below what the policy needs: says how much that is
     */
    TokenKeeper keeper(TokenScope scope);
}
