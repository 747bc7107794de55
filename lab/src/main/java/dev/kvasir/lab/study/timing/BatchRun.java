package dev.kvasir.lab.study.timing;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.Batch;
import dev.kvasir.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Times decode steps of many sequences together under a cap on device memory.
 *
 * @param length tokens of each sequence before the first step; random keys and values
 * @param steps decode steps that are timed
 */
public record BatchRun(Model model, CacheOptions options, int length, int steps, long seed) {
    private static final int WARM_UP = 3; // steps

    /** Tokens that a sequence must have room for. */
    private int capacity() {
        return length + WARM_UP + steps;
    }

    /**
     * The number of sequences that the memory of the options admits, at most {@code most}; 0 if it does not admit one.
     *
     * @throws IllegalArgumentException if the options contradict each other or the model
     */
    public int admitted(int most) {
        List<KvSequence> open = new ArrayList<>();
        try (KvCache cache = model.newCache(options, capacity(), most, CacheEvents.NONE)) {
            while (open.size() < most) {
                open.add(cache.open(capacity()));
            }
        } catch (KvMemoryException e) {
            return open.size(); // the cache, or one more sequence, does not fit
        }
        return most;
    }

    /**
     * Times steps of {@code sequences} sequences, each of which gets one token a step.
     *
     * @param stopped called before every step; throws to end the run
     * @return nanoseconds of each step
     */
    public long[] stepNanos(int sequences, Runnable stopped) {
        long[] nanos = new long[steps];
        try (KvCache cache = model.newCache(options, capacity(), sequences, CacheEvents.NONE);
                Batch batch = model.openBatch(cache, sequences)) {
            int[] numbers = new int[sequences];
            for (int i = 0; i < sequences; i++) {
                stopped.run();
                numbers[i] = batch.open(capacity());
                batch.fillRandom(numbers[i], length, seed + i);
            }
            var random = new SplittableRandom(seed);
            int[] tokens = new int[sequences];
            for (int step = -WARM_UP; step < steps; step++) {
                stopped.run();
                Arrays.setAll(tokens, i -> random.nextInt(model.config().vocabulary()));
                long start = System.nanoTime();
                batch.step(numbers, tokens, sequences);
                if (step >= 0) {
                    nanos[step] = System.nanoTime() - start;
                }
            }
        }
        return nanos;
    }

    /** Tokens per second of the median step. */
    public static double tokensPerSecond(int sequences, long[] stepNanos) {
        long[] sorted = stepNanos.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
        return sequences * 1e9 / median;
    }
}
