package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import java.util.Map;

/**
 * SnapKV (Li et al., NeurIPS 2024, <a href="https://arxiv.org/abs/2404.14469">arXiv 2404.14469</a>): the end of a prompt
 * knows what of it will matter. Decides once, when the prompt has been read. With a_q(j) the weight that query q gives
 * token j, the mean over the query heads of its KV head, over the last w queries of the prompt:
 *
 * <pre>
 * score(j) = pool over the kernel's neighbours of j of sum_q a_q(j)
 * kept     = the budget - w tokens of highest score, and the last w
 * </pre>
 *
 * The original never evicts after that and grows with every generated token. Here the budget holds: each generated token
 * takes the place of the chosen token of lowest score, so that at any time the cache is what the original would have
 * chosen with that much less capacity; once none is left, the oldest leaves. Scores are never computed again.
 *
 * <p>Its defaults are w 32, kernel 5, mean; for LongBench it used kernel 7 and max. Of equals the older leaves.
 */
public final class SnapKvPolicy implements TokenPolicy {
    private final PromptVotes.Rule rule;

    /** With the defaults. */
    public SnapKvPolicy() {
        this(PromptVotes.Rule.of(new OptionReader(CacheOptions.FULL)));
    }

    private SnapKvPolicy(PromptVotes.Rule rule) {
        this.rule = rule;
    }

    @Override
    public TokenPolicy with(CacheOptions options) {
        return new SnapKvPolicy(PromptVotes.Rule.of(new OptionReader(options)));
    }

    @Override
    public String name() {
        return "snapkv";
    }

    @Override
    public String summary() {
        return "what the prompt's last queries look at stays; generated tokens take the places of the least of it";
    }

    @Override
    public String paper() {
        return "SnapKV (Li et al., NeurIPS 2024), https://arxiv.org/abs/2404.14469";
    }

    @Override
    public String formula() {
        return """
                score(j) = pool over neighbours of j of the weights that the prompt's last w queries give j
                kept     = of the prompt the (budget - w) tokens of highest score and the last w; then, for each
                           generated token, one of lowest score less""";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("queries", "w, last queries of the prompt that judge, and stay (default 32)", "kernel",
                "neighbours that share their weights (default 5)", "pool", "how they do, avg or max (default avg)");
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        new TokenAmount("queries", rule.queries(), false).of(scope.budget(), name(), 1);
        return new Keeper(scope, new PromptVotes(scope, rule));
    }

    private record Keeper(TokenScope scope, PromptVotes votes) implements TokenKeeper {

        @Override
        public int promptQueries(int promptTokens) {
            return votes.promptQueries(promptTokens);
        }

        @Override
        public boolean observesSteps() {
            return false;
        }

        @Override
        public void observe(TokenAttention attention) {
            votes.add(attention);
        }

        @Override
        public int retain(TokenView tokens, int kvHead, int[] kept) {
            int window = tokens.count(kvHead) - votes.firstQuery();
            return votes.retain(tokens, kvHead, 0, scope.budget() - window, votes.firstQuery(), kept);
        }

        @Override
        public int leaving(TokenView tokens, int kvHead) {
            int chosen = 0;
            while (chosen < tokens.count(kvHead) && tokens.position(kvHead, chosen) < votes.firstQuery()) {
                chosen++;
            }
            return chosen == 0
                    ? tokens.position(kvHead, 0)
                    : TokenRanks.lowest(tokens, kvHead, votes.scores(kvHead), 0, chosen);
        }
    }
}
