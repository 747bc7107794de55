package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import java.util.Map;

/**
 * SparQ (Ribar et al., ICML 2024, <a href="https://arxiv.org/abs/2312.04985">arXiv 2312.04985</a>): all tokens stay, a query
 * reads those that the largest of its elements point to. With R the rank elements of largest sum of |q| over the query heads
 * of a KV head, and d elements a head:
 *
 * <pre>
 * s        = softmax(q_R.k_R / sqrt(d sum|q_R| / sum|q|))          for each query head
 * attended = the local newest, and of the others the budget - local of highest s, summed over the query heads
 * out      = alpha attention + (1 - alpha) mean(v),  alpha = the sum of s over what is attended
 * </pre>
 *
 * The budget is what a query attends to, not what is held; the rank elements of all other keys are read, too. The original
 * has no defaults; rank a quarter of the elements and local a quarter of the budget are within what its authors try.
 * {@code reallocate=no} leaves out the mean of the values. It stores keys a second time, transposed, to read single
 * elements fast; a page here has them so already.
 */
public final class SparQPolicy implements TokenPolicy {
    private final TokenAmount rank;
    private final TokenAmount local;
    private final boolean reallocates;

    /** With the defaults. */
    public SparQPolicy() {
        this(new OptionReader(CacheOptions.FULL));
    }

    private SparQPolicy(OptionReader read) {
        rank = read.tokens("rank", "25%");
        local = read.tokens("recent", "25%");
        reallocates = read.flag("reallocate", true);
    }

    @Override
    public TokenPolicy with(CacheOptions options) {
        return new SparQPolicy(new OptionReader(options));
    }

    @Override
    public String name() {
        return "sparq";
    }

    @Override
    public String summary() {
        return "every token stays on the device, a query reads those that its largest elements point to";
    }

    @Override
    public String paper() {
        return "SparQ (Ribar et al., ICML 2024), https://arxiv.org/abs/2312.04985";
    }

    @Override
    public String formula() {
        return """
                s        = softmax(q_R.k_R / sqrt(d sum|q_R| / sum|q|)),  R the rank elements of largest |q|
                attended = the recent newest, and of the others the (budget - recent) of highest s
                out      = alpha attention + (1 - alpha) mean(v),  alpha = the sum of s over what is attended""";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("rank", "elements of a key that are read to choose, a number or a share (default 25%)", "recent",
                "newest tokens that are read, a number or a share of the budget (default 25%)", "reallocate",
                "whether the mean of the values stands for what is not read, yes or no (default yes)");
    }

    @Override
    public boolean evicts() {
        return false;
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        int elements = rank.isShare() ? (int) (rank.number() * scope.headDim() / 100) : (int) rank.number();
        if (elements > scope.headDim()) {
            throw new IllegalArgumentException(
                    "policy sparq: rank=%s is more than the %d elements of a key: lower it".formatted(rank,
                            scope.headDim()));
        }
        return new SparQKeeper(scope, Math.max(1, elements), local.of(scope.budget(), name(), 1), reallocates);
    }
}
