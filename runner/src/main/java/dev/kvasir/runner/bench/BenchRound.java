package dev.kvasir.runner.bench;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One timed round of a test.
 *
 * @param nanos time of the timed tokens; 0 if the round was interrupted
 * @param residentBytes bytes of pages on the device at the end; a decode step reads this much of the cache
 * @param copies the copies during the timed tokens
 * @param allocated bytes that all threads allocated on the heap during the timed tokens
 */
record BenchRound(long nanos, long residentBytes, BenchCopies copies, long allocated) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Runs a test in a new cache, which is filled to the depth before. */
    static BenchRound run(Model model, BenchTest test, CacheOptions options, BenchFill fill, long seed,
            BooleanSupplier interrupted) {
        int capacity = test.capacity();
        try (KvCache cache = model.newCache(options, capacity, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, capacity)) {
            int[] tokens = tokens(model, capacity, seed); // now: a cache that large has been refused if it must
            if (test.depth() > 0) {
                fill(session, test.depth(), tokens, fill, seed);
            }
            var before = cache.stats();
            long allocatedBefore = THREADS.getTotalThreadAllocatedBytes();
            long start = System.nanoTime();
            if (test.prompt() > 0) {
                session.extend(Arrays.copyOfRange(tokens, test.depth(), test.depth() + test.prompt()));
            }
            for (int i = 0; i < test.generated(); i++) {
                if (interrupted.getAsBoolean()) {
                    return new BenchRound(0, 0, BenchCopies.NONE, 0);
                }
                session.step(tokens[test.depth() + test.prompt() + i]);
            }
            long nanos = System.nanoTime() - start;
            long allocated = THREADS.getTotalThreadAllocatedBytes() - allocatedBefore;
            var after = cache.stats();
            return new BenchRound(Math.max(1, nanos), after.deviceBytes(), BenchCopies.between(before, after),
                    allocated);
        }
    }

    private static void fill(Session session, int depth, int[] tokens, BenchFill fill, long seed) {
        switch (fill) {
            case PROMPT -> session.prefill(Arrays.copyOf(tokens, depth));
            case RANDOM -> session.fillRandom(depth, seed);
        }
    }

    private static int[] tokens(Model model, int count, long seed) {
        return new SplittableRandom(seed).ints(count, 0, model.config().vocabulary()).toArray();
    }
}
