package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.SelectingKeeper;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenQuery;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;

/**
 * Keeps every token on the device and drops none; a query reads the newest tokens and those with the most weight for
 * the last queries. This is the sparse window attention of ALISA. a_q(j) is the weight that query q gives token j, the
 * mean over the query heads of its KV head, 0 if it did not attend to it.
 *
 * <p>ALISA (Zhao et al., ISCA 2024), https://arxiv.org/abs/2403.17312.
 *
 * <pre>
 * local(j) = sum over the last history queries q of a_q(j)
 * attended = the recent newest, and of the others the budget - recent of highest local, of equals the newer
 * </pre>
 *
 * <p>A token that the queries left out may come back as long as one of the history attended to it. So all stay on the
 * device here: the budget limits the tokens that a query reads. The original moves tokens to the host, computes some
 * again, and stores them in 8 bits; that is about time and memory and changes no choice. Only the abstract of the
 * paper and remarks of others were at hand: recent half of the budget is the paper's, the length of the history is
 * ours.
 */
public final class AlisaPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("alisa",
            "every token stays on the device, a query reads the newest and those with most weight of late",
            "ALISA (Zhao et al., ISCA 2024), https://arxiv.org/abs/2403.17312",
            """
                    local(j) = sum over the last history queries q of a_q(j)
                    attended = the recent newest, and of the others the budget - recent of highest local, of equals the newer""")
            .option("recent", "newest tokens that are read, a number or a share of the budget (default 50%)")
            .option("history", "last queries whose weights are summed (default 16)");

    private final TokenAmount recent;
    private final int history;

    /** With the defaults. */
    public AlisaPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private AlisaPolicy(OptionReader read) {
        recent = read.tokens("recent", "50%");
        history = read.integer("history", 16, 1, 4096);
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new AlisaPolicy(settings.own());
    }

    @Override
    public boolean evicts() {
        return false;
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new Keeper(scope, recent.of(scope.budget(), name(), 1));
    }

    private final class Keeper implements SelectingKeeper {
        private final TokenScope scope;
        private final int recent;
        private final WeightHistory[] weights; // [kvHeads]
        private final RankBuffer ranks;

        Keeper(TokenScope scope, int recent) {
            this.scope = scope;
            this.recent = recent;
            weights = new WeightHistory[scope.kvHeads()];
            for (int kvHead = 0; kvHead < weights.length; kvHead++) {
                weights[kvHead] = new WeightHistory(history, scope.maxTokens(), scope.budget());
            }
            ranks = new RankBuffer(scope.maxTokens());
        }

        @Override
        public int promptQueries(int promptTokens) {
            return Math.min(history, promptTokens);
        }

        @Override
        public void observe(TokenAttention attention) {
            for (int kvHead = 0; kvHead < weights.length; kvHead++) {
                weights[kvHead].add(attention, kvHead);
            }
        }

        @Override
        public int select(TokenQuery query, int kvHead, int[] chosen) {
            float[] sums = weights[kvHead].sums(query.length());
            int count = query.count(kvHead);
            ranks.clear();
            for (int i = 0; i < count - recent; i++) {
                int position = query.position(kvHead, i);
                ranks.add(sums[position], position);
            }
            int end = ranks.highest(scope.budget() - recent, chosen, 0);
            for (int i = count - recent; i < count; i++) {
                chosen[end++] = query.position(kvHead, i);
            }
            return end;
        }

        @Override
        public void save(StateWriter state, int tokens) {
            for (var ofHead : weights) {
                ofHead.save(state);
            }
        }

        @Override
        public void restore(StateReader state, int tokens) {
            for (var ofHead : weights) {
                ofHead.restore(state);
            }
        }
    }
}
