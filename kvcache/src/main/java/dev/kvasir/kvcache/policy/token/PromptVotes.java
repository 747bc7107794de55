package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/**
 * What the last queries of a text give the tokens before them, smoothed over neighbours: SnapKV's score. With a_q(j) the
 * weight query q gives token j, the mean over the query heads of its KV head, w queries and a kernel of c:
 *
 * <pre>
 * vote(j)  = sum over the last w queries of a_q(j)                       for j before those queries
 * score(j) = mean or max of vote(j - c/2 … j + c/2), 0 where none is held or, for max, left out
 * </pre>
 */
final class PromptVotes {

    /** How neighbours share their votes. */
    enum Pool {
        AVG,
        MAX
    }

    /**
     * The options.
     *
     * @param queries of the prompt's end that vote
     * @param kernel neighbours that share their votes, odd
     */
    record Rule(int queries, int kernel, Pool pool) {
        static final int QUERIES = 32;
        static final int KERNEL = 5;

        static Rule of(OptionReader read) {
            int kernel = read.integer("kernel", KERNEL, 1, 1023);
            return new Rule(read.integer("queries", QUERIES, 1, 65536), kernel, read.choice("pool", Pool.AVG));
        }
    }

    private final Rule rule;
    private final float[][] votes; // [kvHeads][maxTokens]
    private final float[][] scores; // [kvHeads][maxTokens]
    private int firstQuery;
    private boolean pooled;

    PromptVotes(TokenScope scope, Rule rule) {
        this.rule = rule;
        votes = new float[scope.kvHeads()][scope.maxTokens()];
        scores = new float[scope.kvHeads()][scope.maxTokens()];
    }

    /** A text comes, whose last queries vote anew; {@code first} is the position of its first token. */
    void begin(int first, int tokens) {
        for (float[] ofHead : votes) {
            Arrays.fill(ofHead, 0, first, 0);
        }
        firstQuery = first + tokens - queries(tokens);
        pooled = false;
    }

    /** How many queries vote in a text that long. */
    int queries(int tokens) {
        return Math.min(rule.queries(), tokens);
    }

    /** A query votes. */
    void add(TokenAttention attention) {
        for (int kvHead = 0; kvHead < votes.length; kvHead++) {
            attention.addMeans(kvHead, votes[kvHead]);
        }
    }

    /** Position of the first query that votes: tokens before it have scores. */
    int firstQuery() {
        return firstQuery;
    }

    /** The scores of a KV head by position, of the tokens before {@link #firstQuery}. */
    float[] scores(int kvHead) {
        if (!pooled) {
            pooled = true;
            for (int head = 0; head < votes.length; head++) {
                pool(votes[head], scores[head], firstQuery);
            }
        }
        return scores[kvHead];
    }

    /**
     * Keeps of the tokens held the first {@code sinks} tokens, the {@code chosen} of highest score among those between, and what
     * comes from the {@code newest}-th on.
     *
     * @param newest index of a token no later than that of the first query that votes
     * @param kept receives their positions, ascending
     * @return how many
     */
    int retain(TokenView tokens, int kvHead, int sinks, int chosen, int newest, int[] kept) {
        int count = 0;
        while (count < sinks) {
            kept[count] = tokens.position(kvHead, count);
            count++;
        }
        count = TokenRanks.top(tokens, kvHead, scores(kvHead), sinks, newest, chosen, kept, count);
        for (int i = newest; i < tokens.count(kvHead); i++) {
            kept[count++] = tokens.position(kvHead, i);
        }
        return count;
    }

    private void pool(float[] from, float[] to, int count) {
        int half = rule.kernel() / 2;
        for (int j = 0; j < count; j++) {
            float sum = 0;
            float max = 0;
            for (int i = Math.max(0, j - half); i <= Math.min(count - 1, j + half); i++) {
                sum += from[i];
                max = Math.max(max, from[i]);
            }
            to[j] = rule.pool() == Pool.AVG ? sum / rule.kernel() : max;
        }
    }

    /** Writes all of it, of tokens before {@code tokens}. */
    void save(StateWriter state, int tokens) {
        state.writeInt(firstQuery);
        state.writeInt(pooled ? 1 : 0);
        for (int kvHead = 0; kvHead < votes.length; kvHead++) {
            state.writeFloats(votes[kvHead], tokens);
            state.writeFloats(scores[kvHead], tokens);
        }
    }

    void restore(StateReader state) {
        firstQuery = state.readInt();
        pooled = state.readInt(0, 1) == 1;
        for (int kvHead = 0; kvHead < votes.length; kvHead++) {
            state.readFloats(votes[kvHead]);
            state.readFloats(scores[kvHead]);
        }
    }
}
