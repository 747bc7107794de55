package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.AttentionState;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.plan.RandomTokens;

/** One sequence of a {@link PagedCache} on a {@link KvDevice}: computes, call by call, what its {@link SequenceTables} decide. */
final class PagedSequence implements KvSequence {
    private final CachePlan plan;
    private final KvDevice device;
    private final SequenceTables tables;
    private final HostPrompt prompt;
    private final AttentionState attention;
    private final float[] key; // of one token
    private final float[] value;

    PagedSequence(CachePlan plan, KvDevice device, SequenceTables tables) {
        this.plan = plan;
        this.device = device;
        this.tables = tables;
        prompt = new HostPrompt(plan, device, tables);
        attention = device.newAttentionState(plan.shape().queryHeads(), plan.groups(),
                plan.pages(tables.need().maxTokens()));
        key = new float[plan.tokenStride()];
        value = new float[plan.tokenStride()];
    }

    @Override
    public int length() {
        return tables.length();
    }

    @Override
    public void beginPrefill(int tokens) {
        tables.beginPrefill(tokens);
    }

    @Override
    public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
        tables.checkPrompting();
        prompt.read(layer, q, k, v, tokens, out);
    }

    @Override
    public void endPrefill(int layer) {
        tables.checkPrompting();
        prompt.end(layer);
    }

    @Override
    public void fillRandom(int tokens, long seed) {
        tables.beginPrefill(tokens);
        RandomTokens.fill(plan.shape(), plan.options().pageSize(), tokens, seed, prompt::append, prompt::end);
    }

    @Override
    public void beginStep() {
        tables.beginStep();
    }

    @Override
    public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset, float[] out,
            int outOffset) {
        tables.checkLayer(layer);
        System.arraycopy(k, kOffset, key, 0, key.length);
        System.arraycopy(v, vOffset, value, 0, value.length);
        int opened = tables.opened();
        tables.open(layer);
        for (; opened < tables.opened(); opened++) {
            for (var group : tables.groups(opened)) {
                tables.digest(device, group);
            }
        }
        for (var group : tables.groups(layer)) {
            device.append(group.table.frame(tables.page()), tables.slot(), 1, key, value,
                    group.group() * plan.groupStride(), plan.tokenStride());
        }
        tables.appended(layer);
        for (var group : tables.groups(layer)) {
            if (tables.chooses(group)) {
                score(group, q, qOffset);
                tables.choose(group);
            }
            tables.list(group);
        }
        if (tables.predicts(layer)) {
            prefetch(layer + 1, q, qOffset);
        }
        attend(q, qOffset, out, outOffset);
        tables.computed(layer);
    }

    private void prefetch(int layer, float[] q, int qOffset) {
        for (var group : tables.groups(layer)) {
            if (tables.chooses(group)) {
                score(group, q, qOffset);
                tables.prefetch(group);
            }
        }
    }

    private void score(GroupPages group, float[] q, int qOffset) {
        device.score(plan.options().digest(), plan.options().aggregation(), group.digests.frames(),
                group.digests.digests(), q,
                qOffset + group.group() * plan.queryHeadsPerGroup() * plan.shape().headDim(),
                plan.queryHeadsPerGroup(), group.importance);
    }

    private void attend(float[] q, int qOffset, float[] out, int outOffset) {
        device.attend(q, qOffset, tables.residents, attention);
        if (tables.hasRecalled()) {
            tables.pages.awaitRecalls();
            device.attend(q, qOffset, tables.recalled, attention);
        }
        device.merge(attention, out, outOffset);
    }

    /** The pages of one layer and selection group. */
    GroupPages group(int layer, int group) {
        return tables.group(layer, group);
    }

    @Override
    public void close() {
        tables.close();
    }
}
