package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import java.util.Arrays;

/**
 * TOVA (Oren et al., EMNLP 2024, <a href="https://arxiv.org/abs/2401.06104">arXiv 2401.06104</a>): the tokens stay to which
 * the newest query attends the most, the same for all heads of a layer. With a_ht the weight that query head h gives
 * token t and b the budget:
 *
 * <pre>
 * score(t)   = mean over all query heads h of the layer of a_ht, by the last query alone
 * after the prompt   keep   the b tokens of highest score
 * each step          evict  the token of lowest score
 * </pre>
 *
 * Nothing is protected, neither the first token nor the newest; there are no other parameters. The original drops a token
 * after each step and attends to one more than it keeps; this is the original with {@code b - 1} tokens kept.
 */
public final class TovaPolicy implements TokenPolicy {

    @Override
    public String name() {
        return "tova";
    }

    @Override
    public String summary() {
        return "the tokens stay to which the newest query attends the most, the same for all heads";
    }

    @Override
    public String paper() {
        return "TOVA (Oren et al., EMNLP 2024), https://arxiv.org/abs/2401.06104";
    }

    @Override
    public String formula() {
        return """
                score(t) = mean over the heads of the layer of softmax(q.k / sqrt(d))_t, q the last query
                evicted  = the token of lowest score""";
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new Keeper(scope);
    }

    private static final class Keeper implements TokenKeeper {
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
    }
}
