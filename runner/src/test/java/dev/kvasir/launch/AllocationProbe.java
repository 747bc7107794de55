package dev.kvasir.launch;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Counts the bytes that all threads of this JVM allocate in each round of decoding, and prints the smallest count of
 * the last few rounds. Earlier rounds do not count, not even rounds without allocations: C2 compiles callers last, and
 * newly inlined code may leave vectors on the heap that the separately compiled methods did not. A single round with
 * allocations does not count either, because the JVM's own threads allocate now and then.
 */
final class AllocationProbe {
    private static final CacheOptions FULL = CacheOptions.FULL.toBuilder().pageSize(8).build();
    /** Recalls at all steps of all layers except the first: 16 pages of 8 tokens, 1 sink, 2 in the window. */
    private static final CacheOptions ARKVALE = FULL.toBuilder()
            .policy(Policies.named("arkvale"))
            .budget(Budget.tokens(128))
            .sinkPages(1)
            .windowPages(2)
            .denseLayers(1)
            .build();
    private static final int CONTEXT = 512;
    private static final int BEGIN = 1;
    private static final int ROUNDS = 30;
    private static final int COUNTED = 5;
    private static final int FIRST = 150;
    private static final int LAST = 450;

    private AllocationProbe() {}

    public static void main(String[] args) {
        CacheOptions options = (args[0].equals("full") ? FULL : ARKVALE).toBuilder()
                .kvType(KvType.valueOf(args[2]))
                .build();
        long least = Long.MAX_VALUE;
        try (Model model = Model.load(Path.of(args[1]), EngineOptions.defaults());
                KvCache cache = model.newCache(options, CONTEXT, 1, CacheEvents.NONE)) {
            for (int round = 0; round < ROUNDS; round++) {
                try (Session session = model.openSession(cache, CONTEXT)) {
                    long bytes = round(session, model.config().vocabulary(), round);
                    if (round >= ROUNDS - COUNTED) {
                        least = Math.min(least, bytes);
                    }
                }
            }
        }
        System.out.println("bytes allocated by " + (LAST - FIRST) + " tokens: " + least);
    }

    private static long round(Session session, int vocabulary, int seed) {
        var sampler = new Sampler(SamplerOptions.defaults(seed), vocabulary);
        decode(session, sampler, BEGIN, FIRST);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().threadId();
        long[] others = java.util.Arrays.stream(threads.getAllThreadIds()).filter(id -> id != self).toArray();
        long othersBefore = allocated(threads, others);
        long before = threads.getCurrentThreadAllocatedBytes();
        decode(session, sampler, BEGIN, LAST - FIRST);
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
