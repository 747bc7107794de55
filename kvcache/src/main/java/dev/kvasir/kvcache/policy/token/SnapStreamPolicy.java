package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;

/**
 * Keeps the first tokens, the tokens of the prompt with the highest score of {@link SnapKvPolicy}, and the newest
 * tokens; drops the others for good. The three parts never change their sizes: those chosen from the prompt never
 * leave, and a generated token takes the place of the oldest of the newest.
 *
 * <p>SnapStream (2025), https://arxiv.org/abs/2511.03092.
 *
 * <pre>
 * kept = the first sink tokens, the budget - sink - recent of the prompt of highest SnapKV score,
 *        the recent newest
 * </pre>
 *
 * <p>Only the abstract of the paper and notes of others were at hand: the parts are its own, their default sizes (4
 * sinks, half of the budget recent) and SnapKV's defaults for the score are ours. If the prompt is shorter than the
 * budget, the tokens after the sinks when the cache is first full never leave. A later text chooses anew among all tokens
 * but the sinks and the newest.
 */
public final class SnapStreamPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("snapstream",
            "sinks, the prompt's tokens with most weight for its last queries, and a ring of the newest stay",
            "SnapStream (2025), https://arxiv.org/abs/2511.03092",
            """
                    kept = the first sink tokens, the budget - sink - recent of the prompt of highest SnapKV score,
                           the recent newest""")
            .option("sink", "first tokens that stay, a number or a share of the budget (default 4)")
            .option("recent", "newest tokens that stay, a number or a share of the budget (default 50%)")
            .option("queries", "last queries of the prompt that judge; no more than are recent (default 32)")
            .option("kernel", "neighbours that share their weights (default 5)")
            .option("pool", "how they do, avg or max (default avg)");

    private final PromptVotes.Rule rule;
    private final TokenAmount sink;
    private final TokenAmount recent;

    /** With the defaults. */
    public SnapStreamPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private SnapStreamPolicy(OptionReader read) {
        rule = PromptVotes.Rule.of(read);
        sink = read.tokens("sink", "4");
        recent = read.tokens("recent", "50%");
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new SnapStreamPolicy(settings.own());
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        int sinks = sink.of(scope.budget(), name(), 0);
        int newest = recent.of(scope.budget(), name(), 1);
        int frozen = scope.budget() - sinks - newest;
        if (frozen < 1) {
            throw new IllegalArgumentException(
                    "policy snapstream: sink=%s and recent=%s leave nothing to choose of a budget of %d tokens, lower one by CacheOptions.policyOptions or raise CacheOptions.budget"
                            .formatted(sink, recent, scope.budget()));
        }
        var votes = new PromptVotes(scope,
                new PromptVotes.Rule(Math.min(rule.queries(), newest), rule.kernel(), rule.pool()));
        return new Keeper(sinks, frozen, newest, votes);
    }

    private static final class Keeper extends VotingKeeper {
        private final int sinks;
        private final int frozen;
        private final int ring;

        Keeper(int sinks, int frozen, int ring, PromptVotes votes) {
            super(votes);
            this.sinks = sinks;
            this.frozen = frozen;
            this.ring = ring;
        }

        @Override
        public int retain(TokenView tokens, int kvHead, int[] kept) {
            return votes.retain(tokens, kvHead, sinks, frozen, tokens.count(kvHead) - ring, kept);
        }

        @Override
        public int leaving(TokenView tokens, int kvHead) {
            return tokens.position(kvHead, sinks + frozen);
        }
    }
}
