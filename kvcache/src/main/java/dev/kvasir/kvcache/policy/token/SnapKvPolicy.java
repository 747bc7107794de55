package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;

/**
 * Keeps the tokens of the prompt that its last queries give the most weight, and its end; drops the others for good,
 * once, when the prompt has been read. a_q(j) is the weight that query q gives token j, the mean over the query heads
 * of its KV head, and w the option {@code queries}.
 *
 * <p>SnapKV (Li et al., NeurIPS 2024), https://arxiv.org/abs/2404.14469.
 *
 * <pre>
 * score(j) = pool over the kernel's neighbours of j of sum_q a_q(j), q the prompt's last w queries
 * kept     = of the prompt the budget - w tokens of highest score, and the last w; then, for each
 *            generated token, one of lowest score less
 * </pre>
 *
 * <p>The original never evicts after that and grows with every generated token. Here the budget holds: each generated
 * token takes the place of the chosen token of lowest score. At any time the cache holds the original's choice with
 * that much less capacity; once none is left, the oldest leaves. Scores are never computed again.
 *
 * <p>Its defaults are w 32, kernel 5, mean; for LongBench it used kernel 7 and max. Of equals the older leaves.
 */
public final class SnapKvPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("snapkv",
            "the prompt's tokens with most weight for its last queries stay, generated ones replace the lowest",
            "SnapKV (Li et al., NeurIPS 2024), https://arxiv.org/abs/2404.14469",
            """
                    score(j) = pool over the kernel's neighbours of j of sum_q a_q(j), q the prompt's last w queries
                    kept     = of the prompt the budget - w tokens of highest score, and the last w; then, for each
                               generated token, one of lowest score less""")
            .option("queries", "w, last queries of the prompt that judge, and stay (default 32)")
            .option("kernel", "neighbours that share their weights (default 5)")
            .option("pool", "how they do, avg or max (default avg)");

    private final PromptVotes.Rule rule;

    /** With the defaults. */
    public SnapKvPolicy() {
        this(PromptVotes.Rule.of(OptionReader.DEFAULTS));
    }

    private SnapKvPolicy(PromptVotes.Rule rule) {
        this.rule = rule;
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new SnapKvPolicy(PromptVotes.Rule.of(settings.own()));
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        new TokenAmount("queries", rule.queries(), false).of(scope.budget(), name(), 1);
        return new Keeper(scope, new PromptVotes(scope, rule));
    }

    private record Keeper(TokenScope scope, PromptVotes votes) implements EvictingKeeper {

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
