package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/**
 * Keeps the tokens that the newest query gives the most weight, the same for all heads of a layer, and drops the
 * others for good. a_q(t) is the weight that a head of query q gives token t, softmax(q.k / sqrt(d)).
 *
 * <p>TOVA (Oren et al., EMNLP 2024), https://arxiv.org/abs/2401.06104.
 *
 * <pre>
 * score(t)           = mean over all query heads of the layer of a_q(t), q the last query
 * after the prompt   keep   the budget tokens of highest score
 * each step          evict  the token of lowest score
 * </pre>
 *
 * <p>Nothing is protected, neither the first token nor the newest; there are no other parameters. The original drops a
 * token after each step and attends to one more than it keeps; this is the original with {@code budget - 1} tokens
 * kept.
 */
public final class TovaPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("tova",
            "the tokens with the most weight for the newest query stay, the same for all heads; others leave for good",
            "TOVA (Oren et al., EMNLP 2024), https://arxiv.org/abs/2401.06104",
            """
                    score(t)           = mean over all query heads of the layer of a_q(t), q the last query
                    after the prompt   keep   the budget tokens of highest score
                    each step          evict  the token of lowest score""");

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new Keeper(scope);
    }

    private static final class Keeper implements EvictingKeeper {
        private final int budget;
        private final int kvHeads;
        private final float[] scores; // [maxTokens], by the last query

        Keeper(TokenScope scope) {
            budget = scope.budget();
            kvHeads = scope.kvHeads();
            scores = new float[scope.maxTokens()];
        }

        @Override
        public int promptQueries(int promptTokens) {
            return 1;
        }

        @Override
        public void observe(TokenAttention attention) {
            Arrays.fill(scores, 0, attention.length(), 0f);
            for (int head = 0; head < kvHeads; head++) {
                attention.addMeans(head, scores);
            }
        }

        @Override
        public int retain(TokenView tokens, int kvHead, int[] kept) {
            return TokenRanks.top(tokens, kvHead, scores, 0, tokens.count(kvHead), budget, kept, 0);
        }

        @Override
        public int leaving(TokenView tokens, int kvHead) {
            return TokenRanks.lowest(tokens, kvHead, scores, 0, tokens.count(kvHead));
        }

        @Override
        public void save(StateWriter state, int tokens) {
            state.writeFloats(scores, tokens);
        }

        @Override
        public void restore(StateReader state, int tokens) {
            state.readFloats(scores);
        }
    }
}
