package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;

/**
 * The state and the decisions of a {@link TokenPolicy} for one layer of one sequence. Tokens have positions and nothing
 * else, so that state is arrays by KV head and position. The cache calls it on one thread, in this order:
 *
 * <pre>
 * a text     textBegins
 *            promptQueries, promptBlock             always with the same answer
 *            appended, observe …                    observe for the requested queries, in their order
 *            divide                                 if the policy divides the budget among KV heads
 *            retain                                 if the policy evicts, for each KV head that holds more than the budget
 * each step  leaving                                if the policy evicts, for each KV head that is full
 *            appended
 *            select                                 if the policy evicts nothing and there are more than the budget
 *            observe                                if {@link #observesSteps}
 *            amend                                  after select
 * </pre>
 *
 * A text is the prompt or, as the second turn of a conversation, follows on other texts and steps. Its queries attend to
 * the tokens that are still there and to those of the text. There are keepers only for layers under a budget that the sequence can outgrow. {@code leaving} is called when a token
 * comes and not after the attention of the one before, so that the budget holds while it attends. A published method
 * that drops a token after each step, and so attends to one more than it keeps, is here the same with one token less.
 *
 * <p>Nothing here may allocate while decoding.
 */
public sealed interface TokenKeeper permits EvictingKeeper, SelectingKeeper {

    /**
     * A text comes.
     *
     * @param first position of its first token, 0 for a prompt
     * @param tokens of the text
     */
    default void textBegins(int first, int tokens) {}

    /** The number of the text's last queries to observe: 0 for none, {@code textTokens} for all. */
    default int promptQueries(int textTokens) {
        return 0;
    }

    /**
     * How a text is read: 0 for whole, with one cut at its end; else up to the budget first and then in blocks of this many
     * tokens, with a cut after each, so that the text itself is read under the policy.
     */
    default int promptBlock() {
        return 0;
    }

    /** Whether to observe the queries of decode steps: steps are faster if not. */
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
     * Writes the state that later decisions depend on, so that a session can be saved. Called between two steps.
     *
     * @param tokens given so far: positions {@code 0..tokens-1}
     * @throws UnsupportedOperationException by default: sessions under this policy cannot be saved
     */
    default void save(StateWriter state, int tokens) {
        throw new UnsupportedOperationException("this keeper does not save its state");
    }

    /**
     * Gives a new keeper the state that another one has written. It then decides as the other would have.
     *
     * @param tokens given to the other one so far
     */
    default void restore(StateReader state, int tokens) {
        throw new UnsupportedOperationException("this keeper does not restore its state");
    }
}
