package dev.kvasir.kvcache;

import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A cache that several threads may use. One call at a time runs; the others wait. A sequence that is closed between two
 * calls of a step refuses the second.
 */
final class LockedCache implements KvCache {
    private final KvCache cache;
    private final ReentrantLock lock = new ReentrantLock();

    LockedCache(KvCache cache) {
        this.cache = cache;
    }

    @Override
    public KvSequence open(int maxTokens) {
        lock.lock();
        try {
            return new LockedSequence(cache.open(maxTokens));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CacheStats stats() {
        lock.lock();
        try {
            return cache.stats();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CacheCounters counters() {
        return cache.counters();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            cache.close();
        } finally {
            lock.unlock();
        }
    }

    private final class LockedSequence implements KvSequence {
        private final KvSequence sequence;

        LockedSequence(KvSequence sequence) {
            this.sequence = sequence;
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
            lock.lock();
            try {
                return sequence.name(text);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void beginPrefill(int tokens) {
            lock.lock();
            try {
                sequence.beginPrefill(tokens);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
            lock.lock();
            try {
                sequence.prefill(layer, q, k, v, tokens, out);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void endPrefill(int layer) {
            lock.lock();
            try {
                sequence.endPrefill(layer);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void fillRandom(int tokens, long seed) {
            lock.lock();
            try {
                sequence.fillRandom(tokens, seed);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void beginStep() {
            lock.lock();
            try {
                sequence.beginStep();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset,
                float[] out, int outOffset) {
            lock.lock();
            try {
                sequence.step(layer, q, qOffset, k, kOffset, v, vOffset, out, outOffset);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void save(StateOutput out) throws IOException {
            lock.lock();
            try {
                sequence.save(out);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void restore(StateInput in) throws IOException {
            lock.lock();
            try {
                sequence.restore(in);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public KvSequence fork() {
            lock.lock();
            try {
                return new LockedSequence(sequence.fork());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                sequence.close();
            } finally {
                lock.unlock();
            }
        }
    }
}
