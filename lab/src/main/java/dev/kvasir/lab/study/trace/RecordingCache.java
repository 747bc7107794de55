package dev.kvasir.lab.study.trace;

import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;

/**
 * A cache that records the queries and keys of its sequence and delegates everything else to another cache. It works
 * with engines that pass queries and keys to a cache ({@code vector} and {@code reference}); with task graphs they
 * never reach the host. It holds one sequence at a time.
 */
public final class RecordingCache implements KvCache {
    private final KvCache cache;
    private final AttentionTrace trace;

    /** Records into {@code trace}, which has room for the sequence to come; {@code cache} is closed with this one. */
    public RecordingCache(KvCache cache, AttentionTrace trace) {
        this.cache = cache;
        this.trace = trace;
    }

    @Override
    public KvSequence open(int maxTokens) {
        return new Recording(cache.open(maxTokens), trace);
    }

    @Override
    public CacheStats stats() {
        return cache.stats();
    }

    @Override
    public CacheCounters counters() {
        return cache.counters();
    }

    @Override
    public void close() {
        cache.close();
    }

    private static final class Recording implements KvSequence {
        private final KvSequence sequence;
        private final AttentionTrace trace;
        private int read; // prompt tokens of the current layer

        Recording(KvSequence sequence, AttentionTrace trace) {
            this.sequence = sequence;
            this.trace = trace;
        }

        @Override
        public int length() {
            return sequence.length();
        }

        @Override
        public Extend extend() {
            return sequence.extend();
        }

        @Override
        public boolean readsInParts() {
            return sequence.readsInParts();
        }

        @Override
        public int name(int[] text) {
            return sequence.name(text);
        }

        @Override
        public void beginPrefill(int tokens) {
            trace.beginPrompt(tokens);
            read = 0;
            sequence.beginPrefill(tokens);
        }

        @Override
        public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
            trace.prompt(layer, read, tokens, q, k);
            read += tokens;
            sequence.prefill(layer, q, k, v, tokens, out);
        }

        @Override
        public void endPrefill(int layer) {
            read = 0;
            sequence.endPrefill(layer);
        }

        @Override
        public void fillRandom(int tokens, long seed) {
            throw new UnsupportedOperationException("random keys have no attention to record: give a prompt");
        }

        @Override
        public void beginStep() {
            trace.beginStep();
            sequence.beginStep();
        }

        @Override
        public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset,
                float[] out, int outOffset) {
            trace.step(layer, q, qOffset, k, kOffset);
            sequence.step(layer, q, qOffset, k, kOffset, v, vOffset, out, outOffset);
        }

        @Override
        public void close() {
            sequence.close();
        }
    }
}
