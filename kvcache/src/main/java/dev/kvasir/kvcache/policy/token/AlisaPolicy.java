package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenQuery;
import dev.kvasir.kvcache.policy.TokenScope;
import java.util.Map;

/**
 * The sparse window attention of ALISA (Zhao et al., ISCA 2024,
 * <a href="https://arxiv.org/abs/2403.17312">arXiv 2403.17312</a>): a query attends to the newest tokens and to those that
 * the last queries gave most. With a_q(j) the weight that query q gave token j, the mean over the query heads of its KV head,
 * 0 if it did not attend to it:
 *
 * <pre>
 * local(j) = sum over the last history queries of a_q(j)
 * attended = the recent newest, and of the others the budget - recent of highest local, of equals the newer
 * </pre>
 *
 * A token that the queries left out may come back as long as one of the history attended to it, so all stay on the device
 * here: the budget is what a query attends to. The original moves tokens to the host, computes some again, and stores them in
 * 8 bits; that is about time and memory and changes no choice. Of the paper only the abstract and remarks of others were
 * at hand: recent half of the budget is its own, the length of the history is ours.
 */
public final class AlisaPolicy implements TokenPolicy {
    private final TokenAmount recent;
    private final int history;

    /** With the defaults. */
    public AlisaPolicy() {
        this(new OptionReader(CacheOptions.FULL));
    }

    private AlisaPolicy(OptionReader read) {
        recent = read.tokens("recent", "50%");
        history = read.integer("history", 16, 1, 4096);
    }

    @Override
    public TokenPolicy with(CacheOptions options) {
        return new AlisaPolicy(new OptionReader(options));
    }

    @Override
    public String name() {
        return "alisa";
    }

    @Override
    public String summary() {
        return "every token stays on the device, a query reads the newest and what the last queries gave most";
    }

    @Override
    public String paper() {
        return "ALISA (Zhao et al., ISCA 2024), https://arxiv.org/abs/2403.17312";
    }

    @Override
    public String formula() {
        return """
                local(j) = the weights that the last history queries gave j
                attended = the recent newest, and of the others the (budget - recent) of highest local""";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("recent", "newest tokens that are read, a number or a share of the budget (default 50%)",
                "history", "last queries whose weights are summed (default 16)");
    }

    @Override
    public boolean evicts() {
        return false;
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new Keeper(scope, recent.of(scope.budget(), name(), 1));
    }

    private final class Keeper implements TokenKeeper {
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
    }
}
