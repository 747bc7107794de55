package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import java.util.Map;

/**
 * SnapStream (2025, <a href="https://arxiv.org/abs/2511.03092">arXiv 2511.03092</a>): {@link SnapKvPolicy} for the
 * prompt, StreamingLLM while decoding, in a cache of three parts that never change their sizes:
 *
 * <pre>
 * sink    the first tokens of the text
 * frozen  budget - sink - recent tokens of the prompt of highest SnapKV score; chosen once, they never leave
 * ring    the recent newest tokens; a generated one takes the place of the oldest in it
 * </pre>
 *
 * Of the paper only the abstract and notes of others were at hand: the parts are its own, their default sizes (4 sinks,
 * half of the budget recent) and SnapKV's defaults for the score are ours. If the prompt is shorter than the budget, what
 * follows the sinks when it is first full is frozen.
 */
public final class SnapStreamPolicy implements TokenPolicy {
    private final PromptVotes.Rule rule;
    private final TokenAmount sink;
    private final TokenAmount recent;

    /** With the defaults. */
    public SnapStreamPolicy() {
        this(new OptionReader(CacheOptions.FULL));
    }

    private SnapStreamPolicy(OptionReader read) {
        rule = PromptVotes.Rule.of(read);
        sink = read.tokens("sink", "4");
        recent = read.tokens("recent", "50%");
    }

    @Override
    public TokenPolicy with(CacheOptions options) {
        return new SnapStreamPolicy(new OptionReader(options));
    }

    @Override
    public String name() {
        return "snapstream";
    }

    @Override
    public String summary() {
        return "sinks, what the prompt's last queries look at, and a ring of the newest tokens";
    }

    @Override
    public String paper() {
        return "SnapStream (2025), https://arxiv.org/abs/2511.03092";
    }

    @Override
    public String formula() {
        return """
                kept = the first sink tokens, the (budget - sink - recent) of the prompt of highest SnapKV score,
                       the recent newest""";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("sink", "first tokens that stay, a number or a share of the budget (default 4)", "recent",
                "newest tokens that stay, a number or a share of the budget (default 50%)", "queries",
                "last queries of the prompt that judge; no more than are recent (default 32)", "kernel",
                "neighbours that share their weights (default 5)", "pool", "how they do, avg or max (default avg)");
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        int sinks = sink.of(scope.budget(), name(), 0);
        int newest = recent.of(scope.budget(), name(), 1);
        int frozen = scope.budget() - sinks - newest;
        if (frozen < 1) {
            throw new IllegalArgumentException(
                    "policy snapstream: sink=%s and recent=%s leave nothing to choose of a budget of %d tokens, lower one by --policy-opt or raise --budget"
                            .formatted(sink, recent, scope.budget()));
        }
        var votes = new PromptVotes(scope,
                new PromptVotes.Rule(Math.min(rule.queries(), newest), rule.kernel(), rule.pool()));
        return new Keeper(sinks, frozen, newest, votes);
    }

    private record Keeper(int sinks, int frozen, int ring, PromptVotes votes) implements TokenKeeper {

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
            return votes.retain(tokens, kvHead, sinks, frozen, tokens.count(kvHead) - ring, kept);
        }

        @Override
        public int leaving(TokenView tokens, int kvHead) {
            return tokens.position(kvHead, sinks + frozen);
        }
    }
}
