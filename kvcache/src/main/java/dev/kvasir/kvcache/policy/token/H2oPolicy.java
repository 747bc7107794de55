package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;

/**
 * Keeps the newest tokens and those with the most attention so far, and drops the others for good. a_q(t) is the
 * weight that query q gives token t, softmax(q.k / sqrt(d)), the mean over the query heads of its KV head.
 *
 * <p>H2O (Zhang et al., NeurIPS 2023), https://arxiv.org/abs/2306.14048.
 *
 * <pre>
 * score(t)           = sum of a_q(t) over all queries q so far, those of the prompt included
 * after the prompt   keep   the recent newest, and of the others the budget - recent of highest score
 * each step          evict  of the tokens before the recent newest, the one of lowest score
 * </pre>
 *
 * <p>The original keeps as many heavy hitters as recent tokens (1024 and 1024; 10% and 10% of the prompt): recent is
 * half the budget by default. It drops a token after each step and attends to one more than it keeps; this is the
 * original with {@code budget - 1} tokens kept. Tokens keep their positions.
 */
public final class H2oPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("h2o",
            "the newest tokens stay, and those with the most attention so far; others leave for good",
            "H2O (Zhang et al., NeurIPS 2023), https://arxiv.org/abs/2306.14048",
            """
                    score(t)           = sum of a_q(t) over all queries q so far, those of the prompt included
                    after the prompt   keep   the recent newest, and of the others the budget - recent of highest score
                    each step          evict  of the tokens before the recent newest, the one of lowest score""")
            .option("recent", "newest tokens that stay, a number or a share of the budget (default 50%)");

    private final TokenAmount recent;

    /** With the paper's defaults. */
    public H2oPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private H2oPolicy(OptionReader read) {
        recent = read.tokens("recent", "50%");
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new H2oPolicy(settings.own());
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new Keeper(scope, recent.of(scope.budget(), name(), 0));
    }

    private static final class Keeper extends RankedKeeper {

        Keeper(TokenScope scope, int recent) {
            super(scope, recent);
        }

        @Override
        public void observe(TokenAttention attention) {
            for (int head = 0; head < scores.length; head++) {
                attention.addMeans(head, scores[head]);
            }
        }
    }
}
