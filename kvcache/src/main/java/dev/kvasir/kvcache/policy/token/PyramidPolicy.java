package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TotalBudget;

/**
 * Keeps in each layer what SnapKV keeps, within budgets that decrease linearly from the first layer to the last: attention
 * spreads over many tokens in the first layers and meets on few in the last.
 *
 * <p>PyramidKV (Cai et al., 2024), https://arxiv.org/abs/2406.02069.
 *
 * <pre>
 * low   = (B - w) / beta                                  B the mean budget, L layers, l from 0
 * high  = min(2 (B - w) - low, n - w), low = 2 (B - w) - high   n the most tokens of the sequence
 * b(l)  = w + high - l (high - low) / (L - 1)             in whole frames, the sum is L B
 * kept  = in layer l what snapkv keeps within b(l)
 * </pre>
 *
 * <p>All layers together hold as many frames as with equal budgets. Layers that keep everything ({@code --dense-layers}) do
 * not take part. The original rounds each step down, counts the prompt and not the sequence as n, and so can hold a few
 * tokens more.
 */
public final class PyramidPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("pyramid",
            "as snapkv, with more tokens in the first layers and fewer in the last, equal in total",
            "PyramidKV (Cai et al., 2024), https://arxiv.org/abs/2406.02069",
            """
                    low   = (B - w) / beta                                  B the mean budget, L layers, l from 0
                    high  = min(2 (B - w) - low, n - w), low = 2 (B - w) - high   n the most tokens of the sequence
                    b(l)  = w + high - l (high - low) / (L - 1)             in whole frames, the sum is L B
                    kept  = in layer l what snapkv keeps within b(l)""")
            .option("beta", "how much less than the mean the last layer gets (default 20)")
            .option("queries", "w, last queries of the prompt that judge, and stay (default 32)")
            .option("kernel", "neighbours that share their weights (default 5)")
            .option("pool", "how they do, avg or max (default avg)");

    private final PromptVotes.Rule rule;
    private final int beta;

    /** With the defaults. */
    public PyramidPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private PyramidPolicy(OptionReader own) {
        rule = PromptVotes.Rule.of(own);
        beta = own.integer("beta", 20, 1, 1_000_000);
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new PyramidPolicy(settings.own());
    }

    @Override
    public int layerBudget(TotalBudget total, int layer) {
        int window = rule.queries();
        new TokenAmount("queries", window, false).of(total.tokens(), name(), 1);
        double mean = total.tokens() - window;
        double high = Math.min(2 * mean - mean / beta, total.maxTokens() - window);
        double low = 2 * mean - high;
        double[] budgets = new double[total.layers()];
        for (int l = 0; l < budgets.length; l++) {
            double down = budgets.length == 1 ? 0.5 : (double) l / (budgets.length - 1);
            budgets[l] = window + high - down * (high - low);
        }
        return WholeFrames.of(budgets, window + 1, total.pageSize())[layer - total.firstLayer()];
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        new TokenAmount("queries", rule.queries(), false).of(scope.budget(), name(), 1);
        return new SnapKvKeeper(scope, rule);
    }
}
