package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;

/**
 * Keeps every token on the device and drops none; a query reads the newest tokens and those that its largest elements
 * rank highest. R holds the elements of largest sum of |q| over the query heads of a KV head, s is summed over these
 * heads, and d is the number of elements of a head.
 *
 * <p>SparQ (Ribar et al., ICML 2024), https://arxiv.org/abs/2312.04985.
 *
 * <pre>
 * s        = softmax(q_R.k_R / sqrt(d sum|q_R| / sum|q|)),  R the rank elements of largest |q|
 * attended = the recent newest, and of the others the budget - recent of highest s
 * out      = alpha attention + (1 - alpha) mean(v),  alpha = the sum of s over the attended tokens
 * </pre>
 *
 * <p>The budget limits the tokens that a query reads, not those that are held; the rank elements of all other keys are
 * read, too. The original has no defaults; rank a quarter of the elements and recent a quarter of the budget are
 * within the range that its authors try. {@code reallocate=no} leaves out the mean of the values. It stores keys a
 * second time, transposed, to read single elements fast; a page here already has them transposed.
 */
public final class SparQPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("sparq",
            "every token stays on the device, a query reads those ranked highest by its largest elements",
            "SparQ (Ribar et al., ICML 2024), https://arxiv.org/abs/2312.04985",
            """
                    s        = softmax(q_R.k_R / sqrt(d sum|q_R| / sum|q|)),  R the rank elements of largest |q|
                    attended = the recent newest, and of the others the budget - recent of highest s
                    out      = alpha attention + (1 - alpha) mean(v),  alpha = the sum of s over the attended tokens""")
            .option("rank", "elements of a key that are read to choose, a number or a share (default 25%)")
            .option("recent", "newest tokens that are read, a number or a share of the budget (default 25%)")
            .option("reallocate",
                    "whether the mean of the values stands for what is not read, yes or no (default yes)");

    private final TokenAmount rank;
    private final TokenAmount local;
    private final boolean reallocates;

    /** With the defaults. */
    public SparQPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private SparQPolicy(OptionReader read) {
        rank = read.tokens("rank", "25%");
        local = read.tokens("recent", "25%");
        reallocates = read.flag("reallocate", true);
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new SparQPolicy(settings.own());
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
