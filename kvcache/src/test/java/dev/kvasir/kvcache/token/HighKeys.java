package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.SelectingKeeper;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenQuery;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.token.TokenRanks;

import static org.assertj.core.api.Assertions.assertThat;

/** Evicts nothing and attends to the tokens whose keys have the highest last element. */
public final class HighKeys implements TokenPolicy {

    @Override
    public PolicyCard card() {
        return new PolicyCard("high-keys", "attends to the tokens of the highest last element");
    }

    @Override
    public boolean evicts() {
        return false;
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new SelectingKeeper() {
            private final float[] keys = new float[scope.maxTokens()];

            @Override
            public int select(TokenQuery query, int kvHead, int[] chosen) {
                query.keys(kvHead, scope.headDim() - 1, keys);
                return TokenRanks.top(query, kvHead, keys, 0, query.count(kvHead), scope.budget(), chosen, 0);
            }

            @Override
            public void observe(TokenAttention attention) {
                for (int head = 0; head < scope.queryHeads(); head++) {
                    double sum = 0;
                    for (int i = 0; i < attention.count(head / scope.shared()); i++) {
                        sum += attention.weight(head, i);
                    }
                    assertThat(Math.abs(sum - 1)).isLessThan(1e-4);
                }
            }
        };
    }
}
