package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import java.util.Arrays;

/**
 * Keeps in each KV head what SnapKV keeps, within budgets that differ from head to head: a head that spreads its attention
 * over many tokens gets more, one that concentrates it gets less. They are divided at the end of the prompt and of each
 * later text.
 *
 * <p>Ada-KV (Feng et al., NeurIPS 2025), https://arxiv.org/abs/2407.11550.
 *
 * <pre>
 * top   = of all KV heads of the layer together the H (B - w) prompt tokens of highest snapkv score, H KV heads
 * c(h)  = how many of them are of head h
 * b(h)  = w + floor (B - w) + (1 - floor) c(h)            in whole frames, the sum is H B
 * kept  = of head h what snapkv keeps within b(h)
 * </pre>
 *
 * <p>All heads of a layer together hold as many frames as with equal budgets. A prompt within the budget leaves the budgets
 * equal. Here a head is a KV head, and its scores are means over its query heads.
 */
public final class AdaPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("ada",
            "as snapkv, with more tokens for KV heads that spread their attention, equal in each layer",
            "Ada-KV (Feng et al., NeurIPS 2025), https://arxiv.org/abs/2407.11550",
            """
                    top   = of all KV heads of the layer together the H (B - w) prompt tokens of highest snapkv score, H KV heads
                    c(h)  = how many of them are of head h
                    b(h)  = w + floor (B - w) + (1 - floor) c(h)            in whole frames, the sum is H B
                    kept  = of head h what snapkv keeps within b(h)""")
            .option("floor", "share of the mean that every head has at least, 0 to 1 (default 0.2)")
            .option("queries", "w, last queries of the prompt that judge, and stay (default 32)")
            .option("kernel", "neighbours that share their weights (default 5)")
            .option("pool", "how they do, avg or max (default avg)");

    private final PromptVotes.Rule rule;
    private final double floor;
    private final int pageSize; // tokens of a frame

    /** With the defaults. */
    public AdaPolicy() {
        this(OptionReader.DEFAULTS, 1);
    }

    private AdaPolicy(OptionReader own, int pageSize) {
        this.pageSize = pageSize;
        rule = PromptVotes.Rule.of(own);
        floor = own.share("floor", 0.2);
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new AdaPolicy(settings.own(), settings.pageSize());
    }

    @Override
    public boolean dividesHeads() {
        return true;
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        new TokenAmount("queries", rule.queries(), false).of(scope.budget(), name(), 1);
        double[] equal = new double[scope.kvHeads()];
        Arrays.fill(equal, scope.budget());
        WholeFrames.of(equal, rule.queries() + 1, pageSize); // refuses now what could not be divided later
        return new Keeper(scope, rule, floor);
    }

    private static final class Keeper extends SnapKvKeeper {
        private final int queries;
        private final double floor;

        Keeper(TokenScope scope, PromptVotes.Rule rule, double floor) {
            super(scope, rule);
            queries = rule.queries();
            this.floor = floor;
        }

        @Override
        public void divide(TokenView tokens, int[] heads, int pageSize) {
            double mean = heads[0] - queries;
            int[] counts = counts(tokens, (long) heads.length * (heads[0] - queries));
            double[] parts = new double[heads.length];
            for (int h = 0; h < heads.length; h++) {
                parts[h] = queries + floor * mean + (1 - floor) * counts[h];
            }
            int[] whole = WholeFrames.of(parts, queries + 1, pageSize);
            System.arraycopy(whole, 0, heads, 0, heads.length);
            System.arraycopy(whole, 0, budgets, 0, heads.length);
        }

        /** How many of the {@code top} tokens of highest score are of each head; of equals the newer counts. */
        private int[] counts(TokenView tokens, long top) {
            int heads = budgets.length;
            int window = tokens.length() - votes.firstQuery();
            int all = 0;
            for (int h = 0; h < heads; h++) {
                all += tokens.count(h) - window;
            }
            long[] keys = new long[all];
            int key = 0;
            for (int h = 0; h < heads; h++) {
                float[] scores = votes.scores(h);
                for (int i = 0; i < tokens.count(h) - window; i++) {
                    int position = tokens.position(h, i);
                    keys[key++] = (long) TokenRanks.ordered(scores[position]) << 32 | (position * heads + h);
                }
            }
            Arrays.sort(keys);
            int[] counts = new int[heads];
            for (int i = (int) Math.max(0, keys.length - top); i < keys.length; i++) {
                counts[(int) (keys[i] & 0xFFFFFFFFL) % heads]++;
            }
            return counts;
        }
    }
}
