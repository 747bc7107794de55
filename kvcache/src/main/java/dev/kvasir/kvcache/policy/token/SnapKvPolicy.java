package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;

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
 * that much less capacity; once none is left, the oldest leaves. A later text has all tokens scored again by
 * its own last queries; between texts scores are never computed again.
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
        return new SnapKvKeeper(scope, rule);
    }
}
