package dev.kvasir.model.transformer;

import dev.kvasir.kvcache.event.LayerPhase;
import dev.kvasir.kvcache.event.PhaseEvent;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.sampling.Sampler;

/**
 * The forward pass for every engine with single operations. A step of up to {@code maxBatch} sequences allocates no
 * memory.
 */
public final class Transformer implements Decoder {
    /** Chunks that pass through a layer before the next layer: their states stay in memory. */
    private static final int CHUNKS_OF_PART = 16;

    private final ModelConfig config;
    private final Weights weights;
    private final Ops ops;
    private final Rope rope;
    private final int prefillChunk; // tokens
    private final Scratch scratch;
    private final float[] states; // [maxBatch][width]: the residual stream
    private final float[] cos; // [maxBatch][pairs]
    private final float[] sin;
    private final float[] logits; // [maxBatch][vocabulary]
    private final float[][] toLogits;

    /** Buffers for steps of up to {@code maxBatch} sequences. */
    public Transformer(ModelConfig config, Weights weights, Ops ops, int maxBatch, int prefillChunk) {
        this.config = config;
        this.weights = weights;
        this.ops = ops;
        this.prefillChunk = prefillChunk;
        rope = new Rope(config.rope(), weights.ropeFactors());
        scratch = new Scratch(config, maxBatch);
        states = new float[Math.multiplyExact(maxBatch, config.width())];
        cos = new float[maxBatch * rope.pairs()];
        sin = new float[maxBatch * rope.pairs()];
        logits = new float[Math.multiplyExact(maxBatch, config.vocabulary())];
        toLogits = new float[][]{logits};
    }

    @Override
    public float[] logits() {
        return logits;
    }

    @Override
    public int mostLikely(int i) {
        return Sampler.greedy(logits, i * config.vocabulary(), config.vocabulary());
    }

    /** Bytes of the permanent buffers of a transformer for {@code maxBatch} sequences. */
    public static long stepBytes(ModelConfig config, int maxBatch) {
        return Scratch.bytes(config, maxBatch)
                + 4L * maxBatch * (config.width() + config.rope().dim() + config.vocabulary());
    }

    @Override
    public long prefillBytes(int tokens) {
        return Scratch.bytes(config, Math.min(tokens, prefillChunk))
                + 4L * tokens * (config.width() + config.rope().dim());
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public void step(KvSequence[] sequences, int[] tokens, int n) {
        int width = config.width();
        for (int i = 0; i < n; i++) {
            ops.embed(weights.embedding(), tokens[i], states, i * width);
            rope.angles(sequences[i].length(), cos, sin, i * rope.pairs());
            sequences[i].beginStep();
        }
        Scratch s = scratch;
        for (int layer = 0; layer < config.layers(); layer++) {
            PhaseEvent phase = PhaseEvent.start();
            queryKeyValue(layer, s, states, 0, n, cos, sin, 0);
            PhaseEvent.finish(phase, LayerPhase.PROJECTION, layer);
            for (int i = 0; i < n; i++) {
                int query = i * config.queryWidth();
                int key = i * config.kvWidth();
                sequences[i].step(layer, s.q, query, s.k, key, s.v, key, s.o, query);
            }
            phase = PhaseEvent.start();
            attentionOutput(layer, s, states, 0, n);
            PhaseEvent.finish(phase, LayerPhase.OUTPUT, layer);
            phase = PhaseEvent.start();
            gateUp(layer, s, n);
            down(layer, s, states, 0, n);
            PhaseEvent.finish(phase, LayerPhase.FEED_FORWARD, layer);
        }
        output(s, states, 0, n);
    }

    @Override
    public int textPart() {
        return Math.multiplyExact(CHUNKS_OF_PART, prefillChunk);
    }

    /**
     * Runs each layer over all chunks of a part before the next layer. So a layer under a budget frees its frames before
     * the next layer needs them.
     */
    @Override
    public void prefill(KvSequence sequence, int[] tokens, PromptWatch watch) {
        int first = sequence.length();
        int n = tokens.length;
        int width = config.width();
        float[] prompt = new float[Math.multiplyExact(n, width)];
        float[] promptCos = new float[Math.multiplyExact(n, rope.pairs())];
        float[] promptSin = new float[n * rope.pairs()];
        for (int t = 0; t < n; t++) {
            ops.embed(weights.embedding(), tokens[t], prompt, t * width);
            rope.angles(first + t, promptCos, promptSin, t * rope.pairs());
        }
        Scratch s = new Scratch(config, Math.min(n, prefillChunk));
        sequence.beginPrefill(n);
        long total = (long) n * config.layers();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (int from = 0; from < n; from += s.rows) {
                int rows = Math.min(s.rows, n - from);
                long done = (long) layer * n + from;
                watch.read(done, total);
                PhaseEvent phase = PhaseEvent.start();
                queryKeyValue(layer, s, prompt, from * width, rows, promptCos, promptSin, from * rope.pairs());
                PhaseEvent.finish(phase, LayerPhase.PROJECTION, layer);
                watch.read(done, total);
                phase = PhaseEvent.start();
                sequence.prefill(layer, s.q, s.k, s.v, rows, s.o);
                PhaseEvent.finish(phase, LayerPhase.ATTENTION, layer);
                watch.read(done, total);
                // after the last layer only the last token is needed
                if (layer < config.layers() - 1 || from + rows == n) {
                    phase = PhaseEvent.start();
                    attentionOutput(layer, s, prompt, from * width, rows);
                    PhaseEvent.finish(phase, LayerPhase.OUTPUT, layer);
                    phase = PhaseEvent.start();
                    gateUp(layer, s, rows);
                    watch.read(done, total);
                    down(layer, s, prompt, from * width, rows);
                    PhaseEvent.finish(phase, LayerPhase.FEED_FORWARD, layer);
                }
            }
            PhaseEvent phase = PhaseEvent.start();
            sequence.endPrefill(layer);
            PhaseEvent.finish(phase, LayerPhase.SELECTION, layer);
        }
        output(s, prompt, (n - 1) * width, 1);
    }

    private void queryKeyValue(int layer, Scratch s, float[] h, int offset, int rows, float[] cosines, float[] sines,
            int angleOffset) {
        LayerWeights w = weights.layers()[layer];
        ops.rmsNorm(h, offset, rows, w.attentionNorm(), config.normEpsilon(), s.x, 0);
        linear(w.qkv(), s.x, 0, rows, s.qkv);
        if (w.queryNorm().length > 0) {
            ops.rmsNorm(s.q, 0, rows * config.heads(), w.queryNorm(), config.normEpsilon(), s.q, 0);
        }
        if (w.keyNorm().length > 0) {
            ops.rmsNorm(s.k, 0, rows * config.kvHeads(), w.keyNorm(), config.normEpsilon(), s.k, 0);
        }
        turn(s.q, rows, config.heads(), cosines, sines, angleOffset);
        turn(s.k, rows, config.kvHeads(), cosines, sines, angleOffset);
    }

    private void turn(float[] x, int rows, int heads, float[] cosines, float[] sines, int angleOffset) {
        ops.rope(config.rope().pairing(), x, rows, heads, config.headDim(), cosines, sines, angleOffset,
                config.rope().dim());
    }

    private void attentionOutput(int layer, Scratch s, float[] h, int offset, int rows) {
        LayerWeights w = weights.layers()[layer];
        int n = rows * config.width();
        linear(w.attentionOutput(), s.o, 0, rows, s.toDelta);
        ops.add(h, offset, s.delta, n);
        ops.rmsNorm(h, offset, rows, w.feedForwardNorm(), config.normEpsilon(), s.x, 0);
    }

    private void gateUp(int layer, Scratch s, int rows) {
        linear(weights.layers()[layer].gateUp(), s.x, 0, rows, s.gateUp);
        ops.swiGlu(s.gate, s.up, rows * config.feedForward());
    }

    private void down(int layer, Scratch s, float[] h, int offset, int rows) {
        linear(weights.layers()[layer].down(), s.gate, 0, rows, s.toDelta);
        ops.add(h, offset, s.delta, rows * config.width());
    }

    private void output(Scratch s, float[] h, int offset, int rows) {
        ops.rmsNorm(h, offset, rows, weights.outputNorm(), config.normEpsilon(), s.x, 0);
        linear(weights.output(), s.x, 0, rows, toLogits);
    }

    private void linear(Linear linear, float[] x, int offset, int rows, float[][] y) {
        PackedWeight[] matrices = linear.weights();
        ops.linear(matrices, x, offset, rows, y);
        for (int m = 0; m < matrices.length; m++) {
            float[] bias = linear.biases()[m];
            for (int row = 0; bias.length > 0 && row < rows; row++) {
                ops.add(y[m], row * bias.length, bias, bias.length);
            }
        }
    }
}
