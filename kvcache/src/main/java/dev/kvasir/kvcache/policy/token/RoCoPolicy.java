package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;

/**
 * Drops tokens for good whose weight varies little and has a low mean, and keeps the others. a_q(j) is the weight that
 * query q gives token j, the mean over the query heads of its KV head, and n the number of queries that attended to j.
 *
 * <p>RoCo of EasyKV (Ren and Zhu, 2024), https://arxiv.org/abs/2402.06262.
 *
 * <pre>
 * mean(j)  = sum_q a_q(j) / n          std(j) = sqrt(sum_q a_q(j)^2 / n - mean(j)^2)
 * feasible = of the tokens that are neither among the 10 newest nor sinks, the f of lowest std
 * evicted  = of these the e of lowest mean
 *
 * mode       prompt                                           each step
 * decoding   read whole, then cut: f = held - recent          e = 1, f = budget - 1 - recent
 * encoding   in blocks of e = stride tokens, cut after each:  of the prompt's tokens, by the ranks at its end:
 *            f = budget - recent - sink, sinks stay           e = 1, f = budget - recent - sink; then the oldest
 * auto       as encoding                                      as decoding
 * </pre>
 *
 * <p>recent is 30% of the budget while decoding and 10% in blocks; 4 sinks stay in blocks. The 10 newest have
 * attended, the coming token is one more. Of equals the older leaves.
 *
 * <p>EasyKV grows beyond its budget in two modes: in decoding it never evicts a prompt's tokens, in encoding it never
 * evicts generated ones. Here the budget holds in all three, by the rules above. Tokens keep their positions.
 */
public final class RoCoPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("roco",
            "tokens leave for good whose weight varies little and is low on average, the others stay",
            "RoCo of EasyKV (Ren and Zhu, 2024), https://arxiv.org/abs/2402.06262",
            """
                    mean(j)  = sum_q a_q(j) / n          std(j) = sqrt(sum_q a_q(j)^2 / n - mean(j)^2)
                    feasible = of the tokens that are neither among the 10 newest nor sinks, the f of lowest std
                    evicted  = of these the e of lowest mean

                    mode       prompt                                           each step
                    decoding   read whole, then cut: f = held - recent          e = 1, f = budget - 1 - recent
                    encoding   in blocks of e = stride tokens, cut after each:  of the prompt's tokens, by the ranks at its end:
                               f = budget - recent - sink, sinks stay           e = 1, f = budget - recent - sink; then the oldest
                    auto       as encoding                                      as decoding""")
            .option("mode",
                    "decoding: the prompt is read whole; encoding: in blocks, and ranks stay as they are then; auto: in blocks, and ranks go on (default decoding)")
            .option("stride",
                    "tokens in a block of the prompt (default 64, or as many as the budget lets leave at once)")
            .option("recent",
                    "tokens that the standard deviation spares, a number or a share of the budget (default 30%, 10% in blocks)")
            .option("sink", "first tokens that stay in blocks, a number or a share of the budget (default 4)");
    private static final int STRIDE = 64;

    /** What of a text is read under the policy. */
    enum Mode {
        DECODING,
        ENCODING,
        AUTO
    }

    private final Mode mode;
    private final int stride; // 0: as many as there may be, up to STRIDE
    private final TokenAmount sink;
    private final TokenAmount decodingRecent;
    private final TokenAmount encodingRecent;

    /** With the defaults. */
    public RoCoPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private RoCoPolicy(OptionReader read) {
        mode = read.choice("mode", Mode.DECODING);
        stride = read.integer("stride", 0, 1, Integer.MAX_VALUE);
        sink = read.tokens("sink", "4");
        decodingRecent = read.tokens("recent", "30%");
        encodingRecent = read.tokens("recent", "10%");
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new RoCoPolicy(settings.own());
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        int budget = scope.budget();
        boolean inBlocks = mode != Mode.DECODING;
        int sinks = inBlocks ? sink.of(budget, name(), 0) : 0;
        int feasibleInBlock = budget - encodingRecent.of(budget, name(), 0) - sinks;
        if (budget <= RoCoKeeper.NEWEST + sinks) {
            throw new IllegalArgumentException(
                    "policy roco needs a budget of at least %d tokens, %d that stay and one to choose, and has %d: raise CacheOptions.budget"
                            .formatted(RoCoKeeper.NEWEST + sinks + 1, RoCoKeeper.NEWEST + sinks, budget));
        }
        if (inBlocks && stride > feasibleInBlock) {
            throw new IllegalArgumentException(
                    "policy roco: of a budget of %d tokens at most %d may leave at once and stride is %d: lower CacheOptions.policyOptions stride or raise CacheOptions.budget"
                            .formatted(budget, feasibleInBlock, stride));
        }
        int block = inBlocks ? stride > 0 ? stride : Math.min(STRIDE, feasibleInBlock) : 0;
        return new RoCoKeeper(scope, new RoCoKeeper.Sizes(block, sinks, feasibleInBlock,
                decodingRecent.of(budget, name(), 0)), mode == Mode.ENCODING);
    }
}
