package dev.kvasir.kvcache.policy;

/** A keeper of a policy that evicts nothing: each decoded token attends to a selection. */
public non-sealed interface SelectingKeeper extends TokenKeeper {

    /**
     * The tokens that the query attends to.
     *
     * @param chosen receives their positions, ascending
     * @return how many, 1 to the budget
     */
    int select(TokenQuery query, int kvHead, int[] chosen);

    /**
     * Corrects the result of the attention to the selected tokens.
     *
     * @param out {@code [queryHeads][headDim]} from {@code offset}
     */
    default void amend(float[] out, int offset) {}
}
