package dev.kvasir.kvcache.policy;

/**
 * Decides what stays in a KV cache: whole pages ({@link PagePolicy}) or single tokens ({@link TokenPolicy}). Each method
 * is one small class.
 */
public sealed interface CachePolicy permits PagePolicy, TokenPolicy {

    /** Its description. */
    PolicyCard card();

    /** The name users type. */
    default String name() {
        return card().name();
    }

    /**
     * This policy with the settings of a cache.
     *
     * @throws IllegalArgumentException if one of its own options is wrong
     */
    CachePolicy with(PolicySettings settings);

    /** The general options that a user has not given; most policies keep the usual ones. */
    default Presets presets() {
        return Presets.USUAL;
    }

    /** Whether it keeps to a budget; if not, everything stays and is attended to. */
    boolean isBudgeted();

    /**
     * Divides the budget among the layers, for a policy under which pages or tokens leave. By default each layer gets the
     * same. The cache refuses a division that needs more frames than equal budgets do.
     *
     * @param total the budget and the layers that share it
     * @param layer one of these layers, from {@code total.firstLayer()}
     * @return tokens that each KV head of the layer may hold, at least 1; a page policy holds the whole pages of them
     * @throws IllegalArgumentException if the budget is below what the policy needs: the message gives the least budget
     */
    default int layerBudget(TotalBudget total, int layer) {
        return total.tokens();
    }
}
