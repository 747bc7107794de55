package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import java.util.Map;

/**
 * H2O (Zhang et al., NeurIPS 2023, <a href="https://arxiv.org/abs/2306.14048">arXiv 2306.14048</a>): the tokens that have
 * got the most attention so far stay, and the newest. With a_qt the weight that query q gives token t, the mean over the
 * query heads of its KV head, b the budget and r the recent tokens:
 *
 * <pre>
 * score(t)   = sum of a_qt over all queries q so far, those of the prompt included
 * after the prompt   keep   the b - r tokens of highest score of [0, n - r), and [n - r, n)
 * each step          evict  of the tokens before the r newest, the one of lowest score
 * </pre>
 *
 * The original keeps as many heavy hitters as recent tokens (1024 and 1024; 10% and 10% of the prompt): r is half the
 * budget by default. It drops a token after each step and attends to one more than it keeps; this is the original with
 * {@code b - 1} tokens kept. Tokens keep their positions.
 */
public final class H2oPolicy implements TokenPolicy {
    private final TokenAmount recent;

    /** With the paper's defaults. */
    public H2oPolicy() {
        this(new OptionReader(CacheOptions.FULL));
    }

    private H2oPolicy(OptionReader read) {
        recent = read.tokens("recent", "50%");
    }

    @Override
    public TokenPolicy with(CacheOptions options) {
        return new H2oPolicy(new OptionReader(options));
    }

    @Override
    public String name() {
        return "h2o";
    }

    @Override
    public String summary() {
        return "the newest tokens stay, and those that got the most weight so far";
    }

    @Override
    public String paper() {
        return "H2O (Zhang et al., NeurIPS 2023), https://arxiv.org/abs/2306.14048";
    }

    @Override
    public String formula() {
        return """
                score(t) = sum over all queries so far of softmax(q.k / sqrt(d))_t
                evicted  = the token of lowest score that is not among the newest""";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("recent", "newest tokens that stay, a number or a share of the budget (default 50%)");
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
