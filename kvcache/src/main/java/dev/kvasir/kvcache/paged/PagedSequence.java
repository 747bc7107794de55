package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.device.PartialResults;
import dev.kvasir.kvcache.event.LayerPhase;
import dev.kvasir.kvcache.event.PhaseEvent;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.plan.RandomTokens;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import java.io.IOException;

/**
 * One sequence of a {@link PagedCache} on a {@link KvDevice}: computes, call by call, for its {@link DecodeDecisions} and
 * {@link PromptDecisions}.
 */
final class PagedSequence implements KvSequence {
    private final OpenSequence sequence;
    private final CachePlan plan;
    private final KvDevice device;
    private final DecodeDecisions decisions;
    private final HostPrompt prompt;
    private final PartialResults attention;
    private final float[] key; // of one token
    private final float[] value;

    PagedSequence(OpenSequence sequence, KvDevice device) {
        this.sequence = sequence;
        this.device = device;
        plan = sequence.plan;
        decisions = new DecodeDecisions(sequence);
        prompt = new HostPrompt(plan, device, new PromptDecisions(sequence));
        attention = device.newPartialResults(plan.shape().queryHeads(), plan.groups(), sequence.maxPages);
        key = new float[plan.shape().kvWidth()];
        value = new float[plan.shape().kvWidth()];
    }

    @Override
    public int length() {
        return sequence.progress.length();
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
    public int name(int[] text) {
        sequence.checkOpen();
        sequence.progress.checkText(text.length);
        return sequence.texts.name(text);
    }

    @Override
    public void beginPrefill(int tokens) {
        prompt.begin(tokens);
    }

    @Override
    public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
        prompt.read(layer, q, k, v, tokens, out);
    }

    @Override
    public void endPrefill(int layer) {
        prompt.end(layer);
    }

    @Override
    public void fillRandom(int tokens, long seed) {
        sequence.progress.checkEmpty();
        prompt.begin(tokens);
        RandomTokens.fill(plan.shape(), plan.options().pageSize(), tokens, seed, prompt::append, prompt::end);
    }

    @Override
    public void beginStep() {
        decisions.beginStep();
    }

    @Override
    public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset, float[] out,
            int outOffset) {
        sequence.progress.checkLayer(layer);
        System.arraycopy(k, kOffset, key, 0, key.length);
        System.arraycopy(v, vOffset, value, 0, value.length);
        PhaseEvent phase = PhaseEvent.start();
        open(layer);
        append(layer);
        PhaseEvent.finish(phase, LayerPhase.STORE, layer);
        if (decisions.chooses(layer)) {
            phase = PhaseEvent.start();
            score(layer, q, qOffset);
            decisions.scored(layer);
            decisions.choose(layer);
            PhaseEvent.finish(phase, LayerPhase.SELECTION, layer);
        }
        decisions.list(layer);
        if (decisions.predicts(layer)) {
            phase = PhaseEvent.start();
            if (decisions.chooses(layer + 1)) {
                score(layer + 1, q, qOffset);
            }
            decisions.prefetch(layer);
            PhaseEvent.finish(phase, LayerPhase.PREFETCH, layer);
        }
        attend(layer, q, qOffset);
        awaitRecalls(layer);
        phase = PhaseEvent.start();
        if (decisions.hasRecalled()) {
            device.attend(q, qOffset, decisions.recalled(), attention);
        }
        device.merge(attention, out, outOffset);
        PhaseEvent.finish(phase, LayerPhase.ATTENTION, layer);
        decisions.merged(layer);
    }

    private void open(int layer) {
        int opened = decisions.opened();
        decisions.open(layer);
        for (; opened < decisions.opened(); opened++) {
            for (var group : decisions.groups(opened)) {
                group.digest(device, plan.options().digest());
            }
        }
    }

    private void append(int layer) {
        for (var group : decisions.groups(layer)) {
            device.append(group.table.frame(decisions.page()), decisions.slot(), 1, key, value,
                    group.group() * plan.groupStride(), plan.shape().kvWidth());
        }
        decisions.appended(layer);
    }

    private void score(int layer, float[] q, int qOffset) {
        for (var group : decisions.groups(layer)) {
            device.score(plan.options().digest(), plan.options().aggregation(), group.digests.frames(),
                    group.digests.digests(), q,
                    qOffset + group.group() * plan.queryHeadsPerGroup() * plan.shape().headDim(),
                    plan.queryHeadsPerGroup(), group.importance);
        }
    }

    private void attend(int layer, float[] q, int qOffset) {
        PhaseEvent phase = PhaseEvent.start();
        device.attend(q, qOffset, decisions.residents(), attention);
        PhaseEvent.finish(phase, LayerPhase.ATTENTION, layer);
        decisions.attended(layer);
    }

    private void awaitRecalls(int layer) {
        PhaseEvent phase = PhaseEvent.start();
        decisions.awaitRecalls(layer);
        PhaseEvent.finish(phase, LayerPhase.RECALL_WAIT, layer);
    }

    /** The pages of one layer and selection group. */
    GroupPages group(int layer, int group) {
        return sequence.groups(layer)[group];
    }

    /** The state of a page of one layer and selection group. */
    PageState state(int layer, int group, int page) {
        return sequence.state(layer, group, page);
    }

    @Override
    public void save(StateOutput out) throws IOException {
        new PagedState(sequence, device).save(out);
    }

    @Override
    public void restore(StateInput in) throws IOException {
        sequence.holdSteady();
        new PagedState(sequence, device).restore(in);
    }

    @Override
    public KvSequence fork() {
        sequence.progress.checkAtRest();
        sequence.pages.awaitBackups();
        sequence.checkOpen();
        var copy = (PagedSequence) sequence.openAnother();
        try {
            copy.sequence.copy(sequence, device);
            return copy;
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    @Override
    public void close() {
        sequence.close();
    }
}
