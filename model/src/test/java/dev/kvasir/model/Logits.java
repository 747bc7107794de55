package dev.kvasir.model;

import dev.kvasir.model.sampling.Sampler;
import java.util.Arrays;

/** Comparing logits. */
public final class Logits {
    private Logits() {}

    /** {@code ||actual - expected|| / ||expected||} over the first {@code expected.length} entries. */
    public static double distance(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    /** The largest distance over a text. */
    public static double worst(float[][] actual, float[][] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, distance(actual[i], expected[i]));
        }
        return worst;
    }

    /** The share of positions with the same most likely token. */
    public static double agreement(float[][] actual, float[][] expected) {
        int same = 0;
        for (int i = 0; i < expected.length; i++) {
            if (top(actual[i]) == top(expected[i])) {
                same++;
            }
        }
        return (double) same / expected.length;
    }

    public static int top(float[] logits) {
        return Sampler.mostLikely(logits, 0, logits.length);
    }

    /** The logits behind every token of a text, read token by token. */
    public static float[][] forced(Session session, int[] tokens) {
        float[][] all = new float[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            all[i] = session.step(tokens[i]).clone();
        }
        return all;
    }

    /** The logits behind token {@code prompt - 1} and all later ones, the first {@code prompt} read as a prompt. */
    public static float[][] prompted(Session session, int[] tokens, int prompt) {
        float[][] all = new float[tokens.length - prompt + 1][];
        all[0] = session.prefill(Arrays.copyOf(tokens, prompt)).clone();
        for (int i = prompt; i < tokens.length; i++) {
            all[i - prompt + 1] = session.step(tokens[i]).clone();
        }
        return all;
    }
}
