package dev.kvasir.model.sampling;

import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.SplittableRandom;

/**
 * Draws tokens from logits. The caller's logits are not changed, and no memory is allocated per token. Not thread-safe:
 * use one sampler for each sequence.
 *
 * <p>Top-k, top-p and min-p each keep some number of the first tokens by descending logits. So all three together keep
 * the smallest of these numbers, and only that many tokens are sorted.
 */
public final class Sampler {
    private final SamplerOptions options;
    private final float[] logits; // [vocabulary]
    private final int[] kept; // tokens that stay, most likely first
    private final double[] weights; // weights of the kept tokens, not normalised
    private final Candidates candidates;
    private final RecentTokens recent;
    private SplittableRandom random;
    private long seed;
    private int draws; // of random

    /** A sampler for logits of {@code vocabulary} tokens. */
    public Sampler(SamplerOptions options, int vocabulary) {
        this.options = options;
        logits = new float[vocabulary];
        kept = new int[vocabulary];
        weights = new double[vocabulary];
        candidates = new Candidates(vocabulary);
        recent = new RecentTokens(options.repeatLastN(), vocabulary);
        seed = options.seed();
        random = new SplittableRandom(seed);
    }

    /**
     * Adds a token to the text for the repeat penalty. Call it for every token of the prompt and for every drawn token.
     */
    public void accept(int token) {
        recent.add(token);
    }

    /** Whether every draw is the most likely token, so that the sampler needs no logits. */
    public boolean takesMostLikely() {
        return options.temperature() == 0 && options.repeatPenalty() == 1;
    }

    /** The seed of the random numbers: that of the options, or the one that was restored. */
    public long seed() {
        return seed;
    }

    /** Writes the state of the random numbers, and the recent tokens. */
    public void save(StateWriter state) {
        state.writeLong(seed);
        state.writeInt(draws);
        recent.save(state);
    }

    /** Continues with the random numbers of another sampler, and with its recent tokens. The options stay. */
    public void restore(StateReader state) {
        seed = state.readLong();
        draws = state.readInt(0, Integer.MAX_VALUE);
        random = new SplittableRandom(seed);
        for (int i = 0; i < draws; i++) {
            random.nextDouble();
        }
        recent.clear();
        for (int token : state.readInts()) {
            if (token < 0 || token >= logits.length) {
                throw new StateException("its recent token %d is none of 0 to %d".formatted(token, logits.length - 1));
            }
            recent.add(token);
        }
    }

    /** Draws the next token from {@code [vocabulary]} logits; does not {@link #accept} it. */
    public int sample(float[] source) {
        return sample(source, 0);
    }

    /** Draws the next token from the logits at {@code offset}; does not {@link #accept} it. */
    public int sample(float[] source, int offset) {
        for (int i = 0; i < logits.length; i++) {
            float logit = source[offset + i];
            logits[i] = Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit; // never drawn
        }
        if (options.repeatPenalty() != 1) {
            recent.penalize(logits, options.repeatPenalty());
        }
        int best = greedy(logits, 0, logits.length);
        if (options.temperature() == 0) {
            return best;
        }
        return draw(keep(logits[best]), logits[best]);
    }

    /**
     * As {@link #mostLikely}.
     *
     * @throws LogitsException if the largest logit is not a finite number
     */
    public static int greedy(float[] logits, int offset, int n) {
        int best = mostLikely(logits, offset, n);
        float largest = logits[offset + best];
        if (!(Math.abs(largest) < Float.POSITIVE_INFINITY)) {
            throw new LogitsException(largest);
        }
        return best;
    }

    /** The index, relative to {@code offset}, of the largest of {@code n} logits; the first of equals. */
    public static int mostLikely(float[] logits, int offset, int n) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            // NaN is never the result, not even if it comes first
            if (logits[offset + i] > logits[offset + best] || Float.isNaN(logits[offset + best])) {
                best = i;
            }
        }
        return best;
    }

    /** Fills {@link #kept} with the tokens that remain after top-k, top-p and min-p, and returns their number. */
    private int keep(float max) {
        int n = logits.length;
        boolean ordered = options.topK() > 0 || options.topP() < 1;
        double floor = options.minP() == 0 ? Double.NEGATIVE_INFINITY : max + Math.log(options.minP());
        if (!ordered) {
            int count = 0;
            for (int i = 0; i < n; i++) {
                if (logits[i] >= floor && logits[i] > Float.NEGATIVE_INFINITY) {
                    kept[count++] = i;
                }
            }
            return count;
        }
        int limit = options.topK() == 0 ? n : Math.min(options.topK(), n);
        candidates.reset(logits);
        double total = 0; // the base of top-p's share: the tokens that remain after top-k
        if (limit < n) {
            for (int i = 0; i < limit; i++) {
                kept[i] = candidates.pop();
                total += Math.exp(logits[kept[i]] - max);
            }
        } else {
            for (int i = 0; i < n; i++) {
                total += Math.exp(logits[i] - max);
            }
        }
        double share = options.topP() < 1 ? options.topP() * total : Double.POSITIVE_INFINITY;
        double sum = 0;
        int count = 0;
        while (count < limit && sum < share) {
            int token = limit < n ? kept[count] : candidates.pop();
            if (logits[token] < floor || logits[token] == Float.NEGATIVE_INFINITY) {
                break;
            }
            kept[count++] = token;
            sum += Math.exp(logits[token] - max);
        }
        return count;
    }

    /** Draws one of the first {@code count} kept tokens, with probability softmax(logit / temperature). */
    private int draw(int count, float max) {
        double total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = Math.exp((logits[kept[i]] - max) / options.temperature());
            total += weights[i];
        }
        draws++;
        double left = random.nextDouble() * total;
        for (int i = 0; i < count - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return kept[i];
            }
        }
        return kept[count - 1];
    }
}
