package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenAmount;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;

/**
 * Keeps the newest tokens and those with the most attention so far, and drops the others for good: H2O's sum, with
 * noise on the weights, so that tokens get a second chance. x are the logits of a query head, g is Gumbel noise, new
 * for each query and token, and steps counts from the end of the last text.
 *
 * <p>Keyformer (Adnan et al., MLSys 2024), https://arxiv.org/abs/2403.09054.
 *
 * <pre>
 * score(j) = sum over queries of softmax((x + g) / tau)(j),  tau = tau-init + steps x tau-delta
 * kept     = the recent newest, and of the others the budget - recent of highest score
 * </pre>
 *
 * <p>Defaults are the original's: recent 30% of the kept tokens, tau 1, and 0.01 more each step. It keeps 60% of the
 * prompt; here the budget sets the number. It scores each query head; here the query heads of a KV head share the mean
 * of their scores. Of equals the older leaves. The noise is a function of seed, sequence, layer, head, query and
 * token, drawn from a table of 65536 Gumbel numbers: a run can be repeated with any number of threads.
 */
public final class KeyformerPolicy implements TokenPolicy {
    private static final PolicyCard CARD = new PolicyCard("keyformer",
            "the newest tokens stay, and those with the most attention so far under noise; others leave for good",
            "Keyformer (Adnan et al., MLSys 2024), https://arxiv.org/abs/2403.09054",
            """
                    score(j) = sum over queries of softmax((x + g) / tau)(j),  tau = tau-init + steps x tau-delta
                    kept     = the recent newest, and of the others the budget - recent of highest score""")
            .option("recent", "newest tokens that stay, a number or a share of the budget (default 30%)")
            .option("tau-init", "temperature of the softmax in the prompt (default 1)")
            .option("tau-delta", "by how much it rises each step (default 0.01)")
            .option("seed", "of the noise (default 0)");

    private final TokenAmount recent;
    private final double tau;
    private final double tauDelta;
    private final long seed;

    /** With the defaults. */
    public KeyformerPolicy() {
        this(OptionReader.DEFAULTS);
    }

    private KeyformerPolicy(OptionReader read) {
        recent = read.tokens("recent", "30%");
        tau = read.number("tau-init", 1, 0.01, 100);
        tauDelta = read.number("tau-delta", 0.01, 0, 100);
        seed = read.seed("seed", 0);
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public TokenPolicy with(PolicySettings settings) {
        return new KeyformerPolicy(settings.own());
    }

    @Override
    public TokenKeeper keeper(TokenScope scope) {
        return new Keeper(scope, recent.of(scope.budget(), name(), 0));
    }

    private final class Keeper extends RankedKeeper {
        private GumbelNoise noise;
        private final float[] exponentials; // of one query head
        private int textEnd; // position behind the last text

        Keeper(TokenScope scope, int recent) {
            super(scope, recent);
            noise = new GumbelNoise(seed, scope.sequence(), scope.layer());
            exponentials = new float[scope.maxTokens()];
        }

        @Override
        public void textBegins(int first, int tokens) {
            textEnd = first + tokens;
        }

        @Override
        public void observe(TokenAttention attention) {
            int step = Math.max(0, attention.query() - textEnd + 1);
            float inverse = (float) (1 / (tau + step * tauDelta));
            for (int queryHead = 0; queryHead < scope.queryHeads(); queryHead++) {
                add(attention, queryHead, inverse);
            }
        }

        @Override
        public void save(StateWriter state, int tokens) {
            super.save(state, tokens);
            state.writeLong(noise.seed());
            state.writeInt(textEnd);
        }

        @Override
        public void restore(StateReader state, int tokens) {
            super.restore(state, tokens);
            noise = new GumbelNoise(state.readLong());
            textEnd = state.readInt();
        }

        private void add(TokenAttention attention, int queryHead, float inverse) {
            int kvHead = queryHead / scope.shared();
            int count = attention.count(kvHead);
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < count; i++) {
                float gumbel = noise.at(queryHead, attention.query(), attention.position(kvHead, i));
                exponentials[i] = (attention.logit(queryHead, i) + gumbel) * inverse;
                max = Math.max(max, exponentials[i]);
            }
            double sum = 0;
            for (int i = 0; i < count; i++) {
                exponentials[i] = (float) Math.exp(exponentials[i] - max);
                sum += exponentials[i];
            }
            float share = (float) (1 / (sum * scope.shared()));
            for (int i = 0; i < count; i++) {
                scores[kvHead][attention.position(kvHead, i)] += exponentials[i] * share;
            }
        }
    }
}
