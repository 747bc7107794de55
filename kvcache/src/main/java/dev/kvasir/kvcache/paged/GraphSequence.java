package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.plan.RandomTokens;

/**
 * One sequence of a {@link PagedCache} on a {@link GraphDevice}. It decides about pages, and the graphs of an engine
 * compute; queries, keys and values never reach the host.
 */
public final class GraphSequence implements KvSequence {
    private final OpenSequence sequence;
    private final CachePlan plan;
    private final GraphDevice device;
    private final DecodeDecisions decode;
    private final PromptDecisions prompt;

    GraphSequence(OpenSequence sequence, GraphDevice device) {
        this.sequence = sequence;
        this.device = device;
        plan = sequence.plan;
        decode = new DecodeDecisions(sequence);
        prompt = new PromptDecisions(sequence);
    }

    /** The decisions of decode steps. */
    public DecodeDecisions decode() {
        return decode;
    }

    /** The decisions of reading the prompt. */
    public PromptDecisions prompt() {
        return prompt;
    }

    @Override
    public int length() {
        return sequence.progress.length();
    }

    @Override
    public void fillRandom(int tokens, long seed) {
        sequence.progress.checkEmpty();
        prompt.begin(tokens);
        RandomTokens.fill(plan.shape(), plan.options().pageSize(), tokens, seed, (layer, q, k, v, count) -> {
            prompt.open(layer, count);
            device.append(prompt, layer, q, k, v, count);
        }, layer -> {
            device.judge(prompt, layer);
            prompt.end(layer);
        });
    }

    @Override
    public Extend extend() {
        return plan.options().extend();
    }

    @Override
    public boolean readsInParts() {
        return plan.readsInParts(sequence.progress.maxTokens());
    }

    @Override
    public void beginPrefill(int tokens) {
        prompt.begin(tokens);
    }

    @Override
    public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
        throw runByGraphs();
    }

    @Override
    public void endPrefill(int layer) {
        prompt.end(layer);
    }

    @Override
    public void beginStep() {
        decode.beginStep();
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

    /** The state of a page of one layer and selection group. */
    public PageState state(int layer, int group, int page) {
        return sequence.state(layer, group, page);
    }

    @Override
    public void close() {
        sequence.close();
    }
}
