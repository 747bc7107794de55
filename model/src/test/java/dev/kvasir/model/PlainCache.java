package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;
import java.util.ArrayList;
import java.util.List;

/** Full attention over plain arrays, summed in double: shares no line with the real caches. */
final class PlainCache implements KvCache {
    private final int layers;
    private final int heads;
    private final int kvHeads;
    private final int headDim;

    PlainCache(int layers, int heads, int kvHeads, int headDim) {
        this.layers = layers;
        this.heads = heads;
        this.kvHeads = kvHeads;
        this.headDim = headDim;
    }

    @Override
    public KvSequence open(int maxTokens) {
        return new PlainSequence();
    }

    @Override
    public CacheStats stats() {
        throw new UnsupportedOperationException("counts nothing");
    }

    @Override
    public CacheCounters counters() {
        throw new UnsupportedOperationException("counts nothing");
    }

    @Override
    public void close() {}

    private final class PlainSequence implements KvSequence {
        private final List<List<float[]>> keys = new ArrayList<>(); // [layers][tokens] of [kvHeads][headDim]
        private final List<List<float[]>> values = new ArrayList<>();
        private int length;

        PlainSequence() {
            for (int i = 0; i < layers; i++) {
                keys.add(new ArrayList<>());
                values.add(new ArrayList<>());
            }
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public Extend extend() {
            return Extend.EXACT;
        }

        @Override
        public boolean readsInParts() {
            return true;
        }

        @Override
        public void beginPrefill(int tokens) {
            length += tokens;
        }

        @Override
        public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
            for (int t = 0; t < tokens; t++) {
                step(layer, q, t * heads * headDim, k, t * kvHeads * headDim, v, t * kvHeads * headDim, out,
                        t * heads * headDim);
            }
        }

        @Override
        public void endPrefill(int layer) {}

        @Override
        public void beginStep() {
            length++;
        }

        @Override
        public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset, float[] out,
                int outOffset) {
            keys.get(layer).add(slice(k, kOffset));
            values.get(layer).add(slice(v, vOffset));
            for (int h = 0; h < heads; h++) {
                int kvHead = h / (heads / kvHeads);
                attend(keys.get(layer), values.get(layer), kvHead * headDim, q, qOffset + h * headDim, out,
                        outOffset + h * headDim);
            }
        }

        private float[] slice(float[] x, int offset) {
            float[] slice = new float[kvHeads * headDim];
            System.arraycopy(x, offset, slice, 0, slice.length);
            return slice;
        }

        private void attend(List<float[]> k, List<float[]> v, int headOffset, float[] q, int qOffset, float[] out,
                int outOffset) {
            double[] weights = new double[k.size()];
            double max = Double.NEGATIVE_INFINITY;
            for (int t = 0; t < weights.length; t++) {
                double dot = 0;
                for (int d = 0; d < headDim; d++) {
                    dot += (double) q[qOffset + d] * k.get(t)[headOffset + d];
                }
                weights[t] = dot / Math.sqrt(headDim);
                max = Math.max(max, weights[t]);
            }
            double sum = 0;
            for (int t = 0; t < weights.length; t++) {
                weights[t] = Math.exp(weights[t] - max);
                sum += weights[t];
            }
            for (int d = 0; d < headDim; d++) {
                double y = 0;
                for (int t = 0; t < weights.length; t++) {
                    y += weights[t] * v.get(t)[headOffset + d];
                }
                out[outOffset + d] = (float) (y / sum);
            }
        }

        @Override
        public void fillRandom(int tokens, long seed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
