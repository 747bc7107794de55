package dev.kvasir.model.sampling;

/**
 * The options for drawing the next token. The steps run in this order: repeat penalty, top-k, top-p, min-p,
 * temperature, draw.
 *
 * @param temperature logits are divided by it before the draw; 0 takes the most likely token
 * @param topK only the k most likely tokens stay; 0 keeps all
 * @param topP only the most likely tokens that together reach this probability stay; 1 keeps all
 * @param minP only tokens at least this share as likely as the most likely one stay; 0 keeps all
 * @param repeatPenalty a positive logit of a recent token is divided by it, a negative one multiplied; 1 changes nothing
 * @param repeatLastN number of latest tokens that count as recent
 * @param seed the same seed and logits give the same tokens
 */
public record SamplerOptions(float temperature, int topK, float topP, float minP, float repeatPenalty,
        int repeatLastN, long seed) {

    public SamplerOptions {
        require(temperature >= 0 && temperature < Float.POSITIVE_INFINITY,
                "temperature %s cannot scale logits; give 0 (greedy) or more", temperature);
        require(topK >= 0, "top-k %s is negative; give 0 (all) or more", topK);
        require(topP > 0 && topP <= 1, "top-p %s is not a probability above 0; give more than 0, at most 1 (all)",
                topP);
        require(minP >= 0 && minP <= 1, "min-p %s is not from 0 to 1; give 0 (all) to 1 (the most likely only)", minP);
        require(repeatPenalty > 0 && repeatPenalty < Float.POSITIVE_INFINITY,
                "repeat penalty %s cannot divide logits; give 1 (none) or a little more", repeatPenalty);
        require(repeatLastN >= 0, "repeat window of %s tokens; give 0 (none) or more", repeatLastN);
    }

    /** Always the most likely token. */
    public static SamplerOptions greedy() {
        return new SamplerOptions(0, 0, 1, 0, 1, 0, 0);
    }

    /** Temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, no repeat penalty: the values of llama.cpp. */
    public static SamplerOptions defaults(long seed) {
        return new SamplerOptions(0.8f, 40, 0.95f, 0.05f, 1, 64, seed);
    }

    private static void require(boolean holds, String sentence, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(sentence.formatted(value));
        }
    }
}
