package dev.kvasir.kvcache.policy;

/**
 * What a {@link TokenPolicy} knows and decides of one layer of one sequence. It knows tokens by their positions only, so
 * that state is arrays by KV head and position. Asked on one thread, in this order:
 *
 * <pre>
 * prompt     promptQueries, promptBlock             always with the same answer
 *            appended, observe …                    observe for the queries asked for, in their order
 *            retain                                 for each KV head that holds more than the budget
 * each step  leaving                                for each KV head that is full
 *            appended
 *            select                                 if the policy evicts nothing and there are more than the budget
 *            observe                                if {@link #observesSteps}
 *            amend                                  after select
 * </pre>
 *
 * There are keepers only for layers under a budget that the sequence can outgrow. {@code leaving} is asked when a token
 * comes and not when the one before has been attended to, so that the budget holds while it attends. A published method
 * that drops a token after each step, and so attends to one more than it keeps, is here the same with one token less.
 *
 * <p>Nothing here may allocate while decoding.
 */
public interface TokenKeeper {

    /** How many of a prompt's last queries it wants to observe: 0 for none, {@code promptTokens} for all. */
    default int promptQueries(int promptTokens) {
        return 0;
    }

    /**
     * How a prompt is read: 0 for whole, cut down at its end; else the budget first and then in blocks of so many
     * tokens, cut down after each, so that the prompt itself is read under the policy.
     */
    default int promptBlock() {
        return 0;
    }

    /** Whether it wants to observe the queries of decode steps: steps are faster if not. */
    default boolean observesSteps() {
        return true;
    }

    /**
     * Tokens have been appended; those of a step before they attend.
     *
     * @param first position of the first
     * @param k {@code [tokens][kvHeads][headDim]} from {@code kOffset}, post-RoPE
     * @param v {@code [tokens][kvHeads][headDim]} from {@code vOffset}
     */
    default void appended(int first, int tokens, float[] k, int kOffset, float[] v, int vOffset) {}

    /** A query has attended. */
    default void observe(TokenAttention attention) {}

    /**
     * The tokens to keep of one KV head that holds more than the budget, in a policy that evicts.
     *
     * @param kept receives their positions, ascending
     * @return how many, 1 to the budget
     */
    default int retain(TokenView tokens, int kvHead, int[] kept) {
        throw new IllegalStateException("a policy that evicts must say what it retains");
    }

    /**
     * The position of the token whose place the coming one, at position {@code tokens.length()}, takes, in a policy that
     * evicts.
     */
    default int leaving(TokenView tokens, int kvHead) {
        throw new IllegalStateException("a policy that evicts must say what leaves");
    }

    /**
     * The tokens that the query attends to, in a policy that evicts nothing.
     *
     * @param chosen receives their positions, ascending
     * @return how many, 1 to the budget
     */
    default int select(TokenQuery query, int kvHead, int[] chosen) {
        throw new IllegalStateException("a policy that evicts nothing must select");
    }

    /**
     * The last word on what came of attending to the selected tokens.
     *
     * @param out {@code [queryHeads][headDim]} from {@code offset}
     */
    default void amend(float[] out, int offset) {}
}
