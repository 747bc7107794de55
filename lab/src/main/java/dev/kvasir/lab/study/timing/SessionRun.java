package dev.kvasir.lab.study.timing;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineKind;
import java.util.Arrays;

/**
 * Times the decode steps of one sequence, part by part if the engine is called operation by operation.
 *
 * @param text prompt, then the tokens of the steps
 * @param steps number of decoded and timed tokens, after {@link #WARM_UP} tokens that are decoded and not timed
 * @param isRandom whether random keys and values replace the prompt, which saves the time to read it
 */
public record SessionRun(Model model, CacheOptions options, int[] text, int steps, boolean isRandom, long seed) {
    /** Decode steps before those that are timed. */
    public static final int WARM_UP = 4;

    /**
     * The measured times.
     *
     * @param millis milliseconds of each part of the typical step, by {@link StepPart#ordinal}. The parts of a task
     *             graph cannot be timed: on such an engine attention, estimate and selection are 0 and count as others,
     *             and recall is the mean wait for copies.
     * @param isSplit whether all parts were timed
     * @param recalled pages recalled a step
     */
    public record Measured(double[] millis, boolean isSplit, double recalled) {

        /** Milliseconds of the whole step. */
        public double total() {
            return Arrays.stream(millis).sum();
        }
    }

    /**
     * Reads the prompt and times the steps.
     *
     * @param stopped called before every step; throws to end the run
     * @throws IllegalArgumentException if the options contradict each other, the model or the engine
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the given memory is too small
     */
    public Measured run(Runnable stopped) {
        var kind = model.options().kind();
        boolean isSplit = kind == EngineKind.VECTOR || kind == EngineKind.REFERENCE;
        var clock = new StepClock();
        try (KvCache cache = isSplit
                ? model.newWatchedCache(options, text.length, 1, CacheEvents.NONE,
                        device -> new TimedKvDevice(device, clock))
                : model.newCache(options, text.length, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, text.length)) {
            int prompt = text.length - WARM_UP - steps;
            if (isRandom) {
                session.fillRandom(prompt, seed);
            } else {
                session.prefill(Arrays.copyOf(text, prompt));
            }
            for (int i = prompt; i < prompt + WARM_UP; i++) {
                session.advance(text[i]);
            }
            var splits = new StepSplits();
            CacheStats before = cache.stats();
            for (int i = prompt + WARM_UP; i < text.length; i++) {
                stopped.run();
                clock.beginStep();
                session.advance(text[i]);
                splits.add(clock.endStep());
            }
            CacheStats after = cache.stats();
            double[] millis = splits.typicalMillis();
            if (!isSplit) {
                double waited = (after.copyNanosExposed() - before.copyNanosExposed()) / 1e6 / steps;
                millis[StepPart.RECALL.ordinal()] = Math.min(waited, millis[StepPart.OTHERS.ordinal()]);
                millis[StepPart.OTHERS.ordinal()] -= millis[StepPart.RECALL.ordinal()];
            }
            return new Measured(millis, isSplit, (double) (after.recalled() - before.recalled()) / steps);
        }
    }
}
