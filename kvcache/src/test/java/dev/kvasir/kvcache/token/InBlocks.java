package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.policy.token.TokenRanks;

/** Reads a prompt in blocks of five tokens and lets the least attended go, summed over the queries it sees. */
public final class InBlocks implements TokenPolicy {
    static final int BLOCK = 5;

    @Override
    public PolicyCard card() {
        return new PolicyCard("in-blocks", "reads a prompt in blocks");
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new EvictingKeeper() {
            private final float[][] sums = new float[scope.kvHeads()][scope.maxTokens()];

            @Override
            public int promptQueries(int promptTokens) {
                return promptTokens / 2;
            }

            @Override
            public int promptBlock() {
                return BLOCK;
            }

            @Override
            public void observe(TokenAttention attention) {
                for (int head = 0; head < sums.length; head++) {
                    attention.addMeans(head, sums[head]);
                }
            }

            @Override
            public int retain(TokenView tokens, int kvHead, int[] kept) {
                return TokenRanks.top(tokens, kvHead, sums[kvHead], 0, tokens.count(kvHead), scope.budget(), kept, 0);
            }

            @Override
            public int leaving(TokenView tokens, int kvHead) {
                return TokenRanks.lowest(tokens, kvHead, sums[kvHead], 0, tokens.count(kvHead));
            }
        };
    }
}
