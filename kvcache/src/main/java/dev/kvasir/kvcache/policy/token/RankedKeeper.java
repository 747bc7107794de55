package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;

/**
 * Keeps the newest tokens that a query has seen, and of the others those of highest score:
 *
 * <pre>
 * after the prompt   keep   the budget - recent best of [0, n - recent), [n - recent, n)
 * each step          evict  the lowest of those before the recent newest
 * </pre>
 */
abstract class RankedKeeper implements EvictingKeeper {
    final TokenScope scope;
    final int recent;
    final float[][] scores; // [kvHeads][maxTokens], by position

    RankedKeeper(TokenScope scope, int recent) {
        this.scope = scope;
        this.recent = recent;
        scores = new float[scope.kvHeads()][scope.maxTokens()];
    }

    @Override
    public int promptQueries(int promptTokens) {
        return promptTokens;
    }

    @Override
    public int retain(TokenView tokens, int kvHead, int[] kept) {
        int recents = tokens.count(kvHead) - recent;
        int count = TokenRanks.top(tokens, kvHead, scores[kvHead], 0, recents, scope.budget() - recent, kept, 0);
        for (int i = recents; i < tokens.count(kvHead); i++) {
            kept[count++] = tokens.position(kvHead, i);
        }
        return count;
    }

    @Override
    public int leaving(TokenView tokens, int kvHead) {
        return TokenRanks.lowest(tokens, kvHead, scores[kvHead], 0, tokens.count(kvHead) - recent);
    }

    @Override
    public void save(StateWriter state, int tokens) {
        for (float[] ofHead : scores) {
            state.writeFloats(ofHead, tokens);
        }
    }

    @Override
    public void restore(StateReader state, int tokens) {
        for (float[] ofHead : scores) {
            state.readFloats(ofHead);
        }
    }
}
