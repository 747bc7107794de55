package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/**
 * Keeps the newest tokens and those that seldom got less than the average weight from the last queries, and drops the
 * others for good: a token that was important stays important. A query attends to t tokens; its weight for a token is
 * the mean over the query heads of its KV head.
 *
 * <p>Scissorhands (Liu et al., NeurIPS 2023), https://arxiv.org/abs/2305.17118.
 *
 * <pre>
 * low(j)  = how many of the last history queries gave j less than 1 / t
 * evicted = each time the queue of victims is empty, the drop x budget tokens of highest low outside the recent newest
 *           queue up, the highest first; one leaves a step
 * </pre>
 *
 * <p>Of equals the older leaves. A prompt beyond the budget is cut by the same rank at once. There is no code of the
 * authors; the rule and the defaults (history 400, recent 10, drop half) are those of the re-implementation in
 * cold-compress, which cites the paper's Algorithm 2. Budgets per layer and 4-bit storage are left out.
 */
public final class ScissorhandsPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("scissorhands",
            "the newest tokens stay, and those seldom below the average weight of late; others leave for good",
            "Scissorhands (Liu et al., NeurIPS 2023), https://arxiv.org/abs/2305.17118",
            """
                    low(j)  = how many of the last history queries gave j less than 1 / t
                    evicted = each time the queue of victims is empty, the drop x budget tokens of highest low outside the recent newest
                              queue up, the highest first; one leaves a step""")
            .option("history", "queries that are looked back at (default 400)")
            .option("recent", "newest tokens that stay, a number or a share of the budget (default 10)")
            .option("drop", "share of the budget that queues up to leave, 0 to 1 (default 0.5)");

    private final int history;
    private final TokenAmount recent;
    private final double drop;

    /** With the defaults. */
    public ScissorhandsPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private ScissorhandsPolicy(OptionReader read) {
        history = read.integer("history", 400, 1, 65536);
        recent = read.tokens("recent", "10");
        drop = read.share("drop", 0.5);
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new ScissorhandsPolicy(settings.own());
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new Keeper(scope, recent.of(scope.budget(), name(), 0));
    }

    private final class Keeper implements EvictingKeeper {
        private final TokenScope scope;
        private final int recent;
        private final LowFlags[] flags; // [kvHeads]
        private final RankBuffer ranks;
        private final int[][] queue; // [kvHeads][victims], the first to leave last
        private final int[] queued; // [kvHeads]
        private final int[] first; // scratch: the victims, the first to leave first

        Keeper(TokenScope scope, int recent) {
            this.scope = scope;
            this.recent = recent;
            flags = new LowFlags[scope.kvHeads()];
            for (int kvHead = 0; kvHead < flags.length; kvHead++) {
                flags[kvHead] = new LowFlags(history, scope.maxTokens(), scope.budget());
            }
            ranks = new RankBuffer(scope.maxTokens());
            queue = new int[scope.kvHeads()][scope.budget()];
            queued = new int[scope.kvHeads()];
            first = new int[scope.budget()];
        }

        @Override
        public void textBegins(int first, int tokens) {
            Arrays.fill(queued, 0); // who leaves is decided anew behind the text
        }

        @Override
        public int promptQueries(int promptTokens) {
            return Math.min(history, promptTokens);
        }

        @Override
        public void appended(int first, int tokens, float[] k, int kOffset, float[] v, int vOffset) {
            for (var ofHead : flags) {
                for (int position = first; position < first + tokens; position++) {
                    ofHead.add(position);
                }
            }
        }

        @Override
        public void observe(TokenAttention attention) {
            for (int kvHead = 0; kvHead < flags.length; kvHead++) {
                int count = attention.count(kvHead);
                float average = 1f / count;
                for (int i = 0; i < count; i++) {
                    flags[kvHead].set(attention.position(kvHead, i), attention.mean(kvHead, i) < average);
                }
                flags[kvHead].next();
            }
        }

        /** Ranks all but the newest; the lowest is the first to leave. */
        private void rank(TokenView tokens, int kvHead) {
            ranks.clear();
            for (int i = 0; i < tokens.count(kvHead) - recent; i++) {
                int position = tokens.position(kvHead, i);
                ranks.add(-flags[kvHead].count(position), position);
            }
        }

        @Override
        public int retain(TokenView tokens, int kvHead, int[] kept) {
            rank(tokens, kvHead);
            int count = ranks.highest(scope.budget() - recent, kept, 0);
            for (int i = tokens.count(kvHead) - recent; i < tokens.count(kvHead); i++) {
                kept[count++] = tokens.position(kvHead, i);
            }
            int keep = 0;
            for (int i = 0; i < tokens.count(kvHead); i++) {
                int position = tokens.position(kvHead, i);
                if (keep < count && kept[keep] == position) {
                    keep++;
                } else {
                    flags[kvHead].remove(position);
                }
            }
            return count;
        }

        @Override
        public int leaving(TokenView tokens, int kvHead) {
            if (queued[kvHead] == 0) {
                enqueue(tokens, kvHead);
            }
            int victim = queue[kvHead][--queued[kvHead]];
            flags[kvHead].remove(victim);
            return victim;
        }

        private void enqueue(TokenView tokens, int kvHead) {
            rank(tokens, kvHead);
            int victims = Math.clamp((int) (drop * scope.budget()), 1, ranks.size());
            ranks.lowestInOrder(victims, first);
            for (int i = 0; i < victims; i++) {
                queue[kvHead][victims - 1 - i] = first[i];
            }
            queued[kvHead] = victims;
        }

        @Override
        public void save(StateWriter state, int tokens) {
            for (int kvHead = 0; kvHead < flags.length; kvHead++) {
                flags[kvHead].save(state, tokens);
                state.writeInts(queue[kvHead], queued[kvHead]);
            }
        }

        @Override
        public void restore(StateReader state, int tokens) {
            for (int kvHead = 0; kvHead < flags.length; kvHead++) {
                flags[kvHead].restore(state, tokens);
                queued[kvHead] = state.readInts(queue[kvHead]);
            }
        }
    }
}
