package dev.kvasir.model;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.CacheOptions;
import dev.kvasir.kvcache.KvCache;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.lang.management.ManagementFactory;

/**
 * Counts the bytes that all threads of this JVM allocate while tokens are decoded, and prints the least of several
 * rounds: the first ones run before C2 has compiled everything.
 */
final class AllocationProbe {
    private static final int ROUNDS = 40;
    private static final int FIRST = 150;
    private static final int LAST = 450;

    private AllocationProbe() {}

    public static void main(String[] args) {
        CacheOptions options = (args[0].equals("full") ? Stories.FULL : Stories.ARKVALE).toBuilder()
                .kvType(KvType.valueOf(args[2]))
                .build();
        long least = Long.MAX_VALUE;
        try (Model model = Model.load(Oracle.gguf(args[1]), EngineOptions.defaults());
                KvCache cache = model.newCache(options, Stories.CONTEXT, 1, CacheEvents.NONE)) {
            for (int round = 0; round < ROUNDS && least > 0; round++) {
                try (Session session = model.openSession(cache, Stories.CONTEXT)) {
                    least = Math.min(least, round(session, model.config().vocabulary(), round));
                }
            }
        }
        System.out.println("bytes allocated by " + (LAST - FIRST) + " tokens: " + least);
    }

    private static long round(Session session, int vocabulary, int seed) {
        var sampler = new Sampler(SamplerOptions.defaults(seed), vocabulary);
        decode(session, sampler, Stories.BEGIN, FIRST);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().threadId();
        long[] others = java.util.Arrays.stream(threads.getAllThreadIds()).filter(id -> id != self).toArray();
        long othersBefore = allocated(threads, others);
        long before = threads.getCurrentThreadAllocatedBytes();
        decode(session, sampler, Stories.BEGIN, LAST - FIRST);
        long own = threads.getCurrentThreadAllocatedBytes() - before;
        return own + allocated(threads, others) - othersBefore;
    }

    private static void decode(Session session, Sampler sampler, int first, int tokens) {
        int token = first;
        for (int i = 0; i < tokens; i++) {
            token = sampler.sample(session.step(token));
            sampler.accept(token);
        }
    }

    private static long allocated(ThreadMXBean threads, long[] ids) {
        long sum = 0;
        for (long id : ids) {
            sum += Math.max(0, threads.getThreadAllocatedBytes(id));
        }
        return sum;
    }
}
