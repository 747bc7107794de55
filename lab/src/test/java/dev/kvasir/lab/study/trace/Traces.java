package dev.kvasir.lab.study.trace;

import dev.kvasir.kvcache.plan.CacheShape;
import java.util.SplittableRandom;

/** Traces without a model. */
final class Traces {
    private Traces() {}

    /** One layer, one head: the keys of all tokens, and the queries from that of the prompt's last token on. */
    static AttentionTrace of(float[][] keys, float[]... queries) {
        int headDim = keys[0].length;
        int steps = queries.length - 1;
        var trace = new AttentionTrace(new CacheShape(1, 1, 1, headDim), keys.length, steps);
        int prompt = keys.length - steps;
        trace.beginPrompt(prompt);
        for (int t = 0; t < prompt; t++) {
            trace.prompt(0, t, 1, queries[0], keys[t]);
        }
        for (int step = 1; step <= steps; step++) {
            trace.beginStep();
            trace.step(0, queries[step], 0, keys[prompt + step - 1], 0);
        }
        return trace;
    }

    /** Keys that drift and queries that wander, so that pages differ and choices change slowly, as in a text. */
    static AttentionTrace wandering(CacheShape shape, int prompt, int steps, long seed) {
        var random = new SplittableRandom(seed);
        var trace = new AttentionTrace(shape, prompt + steps, steps);
        float[] k = new float[trace.keyStride()];
        float[] q = new float[trace.queryStride()];
        trace.beginPrompt(prompt);
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int t = 0; t < prompt; t++) {
                wander(random, k, 0.3);
                wander(random, q, 1);
                trace.prompt(layer, t, 1, q, k);
            }
        }
        for (int step = 0; step < steps; step++) {
            trace.beginStep();
            for (int layer = 0; layer < shape.layers(); layer++) {
                wander(random, k, 0.3);
                wander(random, q, 0.5);
                trace.step(layer, q, 0, k, 0);
            }
        }
        return trace;
    }

    private static void wander(SplittableRandom random, float[] x, double by) {
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (x[i] * (1 - by) + by * random.nextGaussian());
        }
    }
}
