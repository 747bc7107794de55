package dev.kvasir.kvcache.policy.token;

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

/**
 * Keeps the newest tokens, those with the most attention so far, and those that few bits store well; drops the others
 * for good. h(j) is H2O's sum of the weights of all queries, the mean over the query heads of a KV head. e_K(j) and
 * e_V(j) are the L2 errors of key and value after storing them in that many bits, each token with a smallest and a
 * largest number of its own. N scales the numbers of the held tokens to 0 … 1.
 *
 * <p>Q-Hitter (Zhang et al., MLSys 2024), https://github.com/VITA-Group/Q-Hitter.
 *
 * <pre>
 * score(j) = lambda N(h)(j) + (1 - lambda) (2 - N(e_K)(j) - N(e_V)(j)) / 2
 * kept     = the recent newest; of the others the heavy of highest h, and of the rest those of highest score
 * </pre>
 *
 * <p>The original's budgets are shares of the prompt, 7% by h, 8% by score and 5% recent: 35%, 40% and 25% of the kept
 * tokens, which are the defaults here, as are its script's lambda of 0.5 and 4 bits. Of equals the older leaves. This
 * policy makes only the choice; {@code --kv-type} sets how the kept tokens are stored.
 */
public final class QHitterPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("q-hitter",
            "the newest tokens stay, and those with much attention or that few bits store well; others leave for good",
            "Q-Hitter (Zhang et al., MLSys 2024), https://github.com/VITA-Group/Q-Hitter",
            """
                    score(j) = lambda N(h)(j) + (1 - lambda) (2 - N(e_K)(j) - N(e_V)(j)) / 2
                    kept     = the recent newest; of the others the heavy of highest h, and of the rest those of highest score""")
            .option("heavy", "tokens kept by weight alone, a number or a share of the budget (default 35%)")
            .option("recent", "newest tokens that stay, a number or a share of the budget (default 25%)")
            .option("lambda", "how much weight counts against ease of storing, 0 to 1 (default 0.5)")
            .option("bits", "of a stored number, 1 to 16 (default 4)");

    private final TokenAmount heavy;
    private final TokenAmount recent;
    private final float lambda;
    private final int bits;

    /** With the defaults. */
    public QHitterPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private QHitterPolicy(OptionReader read) {
        heavy = read.tokens("heavy", "35%");
        recent = read.tokens("recent", "25%");
        lambda = (float) read.number("lambda", 0.5, 0, 1);
        bits = read.integer("bits", 4, 1, 16);
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new QHitterPolicy(settings.own());
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        int newest = recent.of(scope.budget(), name(), 0);
        int byWeight = heavy.of(scope.budget(), name(), 0);
        if (byWeight + newest >= scope.budget()) {
            throw new IllegalArgumentException(
                    "policy q-hitter: heavy=%s and recent=%s leave nothing to choose of a budget of %d tokens, lower one by CacheOptions.policyOptions or raise CacheOptions.budget"
                            .formatted(heavy, recent, scope.budget()));
        }
        return new Keeper(scope, newest, byWeight);
    }

    private final class Keeper extends RankedKeeper {
        private final int byWeight;
        private final float[][] keyErrors; // [kvHeads][maxTokens]
        private final float[][] valueErrors;
        private final float[] combined; // [maxTokens], of the KV head asked about
        private final RankBuffer ranks;
        private final int[] heaviest;
        private final Range weight = new Range();
        private final Range key = new Range();
        private final Range value = new Range();

        Keeper(TokenScope scope, int recent, int byWeight) {
            super(scope, recent);
            this.byWeight = byWeight;
            keyErrors = new float[scope.kvHeads()][scope.maxTokens()];
            valueErrors = new float[scope.kvHeads()][scope.maxTokens()];
            combined = new float[scope.maxTokens()];
            ranks = new RankBuffer(scope.maxTokens());
            heaviest = new int[scope.maxTokens()];
        }

        @Override
        public void appended(int first, int tokens, float[] k, int kOffset, float[] v, int vOffset) {
            for (int t = 0; t < tokens; t++) {
                for (int kvHead = 0; kvHead < scope.kvHeads(); kvHead++) {
                    int at = (t * scope.kvHeads() + kvHead) * scope.headDim();
                    keyErrors[kvHead][first + t] = StoringError.of(k, kOffset + at, scope.headDim(), bits);
                    valueErrors[kvHead][first + t] = StoringError.of(v, vOffset + at, scope.headDim(), bits);
                }
            }
        }

        @Override
        public void observe(TokenAttention attention) {
            for (int kvHead = 0; kvHead < scope.kvHeads(); kvHead++) {
                attention.addMeans(kvHead, scores[kvHead]);
            }
        }

        @Override
        public int retain(TokenView tokens, int kvHead, int[] kept) {
            int others = tokens.count(kvHead) - recent;
            combine(tokens, kvHead, others);
            int count = TokenRanks.top(tokens, kvHead, combined, 0, others, scope.budget() - recent, kept, 0);
            for (int i = others; i < tokens.count(kvHead); i++) {
                kept[count++] = tokens.position(kvHead, i);
            }
            return count;
        }

        @Override
        public int leaving(TokenView tokens, int kvHead) {
            int others = tokens.count(kvHead) - recent;
            combine(tokens, kvHead, others);
            return TokenRanks.lowest(tokens, kvHead, combined, 0, others);
        }

        @Override
        public void save(StateWriter state, int tokens) {
            super.save(state, tokens);
            for (int kvHead = 0; kvHead < scope.kvHeads(); kvHead++) {
                state.writeFloats(keyErrors[kvHead], tokens);
                state.writeFloats(valueErrors[kvHead], tokens);
            }
        }

        @Override
        public void restore(StateReader state, int tokens) {
            super.restore(state, tokens);
            for (int kvHead = 0; kvHead < scope.kvHeads(); kvHead++) {
                state.readFloats(keyErrors[kvHead]);
                state.readFloats(valueErrors[kvHead]);
            }
        }

        /** The score of each token; the heaviest of the {@code others} before the newest are above all. */
        private void combine(TokenView tokens, int kvHead, int others) {
            weight.fit(tokens, kvHead, scores[kvHead]);
            key.fit(tokens, kvHead, keyErrors[kvHead]);
            value.fit(tokens, kvHead, valueErrors[kvHead]);
            ranks.clear();
            for (int i = 0; i < others; i++) {
                int position = tokens.position(kvHead, i);
                ranks.add(scores[kvHead][position], position);
                float storing = (2 - key.scale(keyErrors[kvHead][position])
                        - value.scale(valueErrors[kvHead][position])) / 2;
                combined[position] = lambda * weight.scale(scores[kvHead][position]) + (1 - lambda) * storing;
            }
            int count = ranks.highest(byWeight, heaviest, 0);
            for (int i = 0; i < count; i++) {
                combined[heaviest[i]] = Float.MAX_VALUE;
            }
        }
    }

    /** What numbers lie between. */
    private static final class Range {
        private float least;
        private float most;

        void fit(TokenView tokens, int kvHead, float[] numbers) {
            least = Float.POSITIVE_INFINITY;
            most = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < tokens.count(kvHead); i++) {
                float number = numbers[tokens.position(kvHead, i)];
                least = Math.min(least, number);
                most = Math.max(most, number);
            }
        }

        /** From 0 to 1; 0 if all are equal. */
        float scale(float number) {
            return most > least ? (number - least) / (most - least) : 0;
        }
    }
}
