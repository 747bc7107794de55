package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.plan.RandomTokens;

/**
 * One sequence of a {@link PagedCache} on a {@link GraphDevice}: its {@link #tables} decide, and whoever runs the graphs
 * computes. What takes queries, keys and values from the host is not for it.
 */
public final class GraphSequence implements KvSequence {
    private final CachePlan plan;
    private final GraphDevice device;
    private final SequenceTables tables;

    GraphSequence(CachePlan plan, GraphDevice device, SequenceTables tables) {
        this.plan = plan;
        this.device = device;
        this.tables = tables;
    }

    /** The decisions. */
    public SequenceTables tables() {
        return tables;
    }

    @Override
    public int length() {
        return tables.length();
    }

    @Override
    public void fillRandom(int tokens, long seed) {
        tables.beginPrefill(tokens);
        RandomTokens.fill(plan.shape(), plan.options().pageSize(), tokens, seed, (layer, q, k, v, count) -> {
            tables.openChunk(layer, count);
            device.append(tables, layer, q, k, v, count);
        }, layer -> {
            device.judge(tables, layer);
            tables.endPrefill(layer);
        });
    }

    @Override
    public void beginPrefill(int tokens) {
        tables.beginPrefill(tokens);
    }

    @Override
    public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
        throw runByGraphs();
    }

    @Override
    public void endPrefill(int layer) {
        tables.endPrefill(layer);
    }

    @Override
    public void beginStep() {
        tables.beginStep();
    }

    @Override
    public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset, float[] out,
            int outOffset) {
        throw runByGraphs();
    }

    private static UnsupportedOperationException runByGraphs() {
        return new UnsupportedOperationException(
                "the pages of this sequence are on a device that runs whole graphs: step through a Session or Batch");
    }

    @Override
    public void close() {
        tables.close();
    }
}
