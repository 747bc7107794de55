package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.AttentionRows;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.device.PartialResults;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.event.LayerPhase;
import dev.kvasir.kvcache.event.PhaseEvent;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.page.FramePool;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.FrameAdmission;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.plan.MemoryNeed;
import dev.kvasir.kvcache.plan.RandomTokens;
import dev.kvasir.kvcache.plan.SequenceProgress;
import dev.kvasir.kvcache.plan.StepPhase;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.SelectingKeeper;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One sequence of a {@link SlotCache}. */
final class SlotSequence implements KvSequence, FrameAdmission.Guest {
    private final SlotCache cache;
    private final SlotPlan plan;
    private final KvDevice device;
    private final CacheEvents events;
    private final int number;
    private final LayerTokens[] layers;
    private final FrameList[] lists; // [kvHeads]
    private final PartialResults attention;
    private final AttentionRows rows; // of one query
    private final SeenTokens seen;
    private final @Nullable ChosenTokens chosen;
    private final float[] key; // of one token
    private final float[] value;

    private final SequenceProgress progress;
    private @Nullable SlotPrompt prompt; // while it is read

    private final MemoryNeed need;

    SlotSequence(SlotCache cache, SlotPlan plan, KvDevice device, FramePool pool, CacheEvents events, MemoryNeed need,
            int number) {
        this.cache = cache;
        this.plan = plan;
        this.device = device;
        this.events = events;
        this.need = need;
        this.number = number;
        int maxTokens = need.maxTokens();
        progress = new SequenceProgress(maxTokens, plan.shape().layers());
        int[] budgets = plan.budgets(maxTokens);
        int queryHeads = plan.shape().queryHeads();
        int kvHeads = plan.shape().kvHeads();
        layers = new LayerTokens[plan.shape().layers()];
        int widest = 0; // tokens of a head in a layer with a keeper
        for (int layer = 0; layer < layers.length; layer++) {
            int budget = budgets[layer];
            var keeper = plan.isManaged(layer, budget, maxTokens)
                    ? plan.keeper(layer, budget, maxTokens, number)
                    : null;
            int most = plan.mostOfHead(budget, maxTokens);
            int capacity = keeper == null || !plan.policy().evicts() ? 0 : Math.addExact(most, keeper.promptBlock());
            widest = keeper == null ? widest : Math.max(widest, most);
            var heads = new TokenSlots[kvHeads];
            Arrays.setAll(heads, head -> new TokenSlots(pool, plan.options().pageSize(), capacity));
            layers[layer] = new LayerTokens(layer, heads, budget, keeper);
        }
        lists = new FrameList[kvHeads];
        Arrays.setAll(lists, head -> new FrameList(plan.options().pages(maxTokens)));
        attention = device.newPartialResults(queryHeads, kvHeads, plan.options().pages(maxTokens));
        rows = new AttentionRows(queryHeads);
        seen = new SeenTokens(rows, plan.shape().shared(), layers[0]);
        if (widest > 0) {
            rows.reserve(1, widest);
        }
        chosen = widest > 0 && !plan.policy().evicts()
                ? new ChosenTokens(plan, device, pool, rows, widest, layers[0])
                : null;
        key = new float[plan.shape().kvWidth()];
        value = new float[plan.shape().kvWidth()];
    }

    @Override
    public int length() {
        return progress.length();
    }

    LayerTokens layer(int layer) {
        return layers[layer];
    }

    @Override
    public MemoryNeed need() {
        return need;
    }

    @Override
    public boolean isReading() {
        return progress.isReading();
    }

    @Override
    public Extend extend() {
        return plan.options().extend();
    }

    @Override
    public boolean readsInParts() {
        return false;
    }

    @Override
    public void beginPrefill(int tokens) {
        progress.checkText(tokens);
        cache.admitText(this);
        prompt = new SlotPrompt(plan, device, this, tokens);
        progress.textBegins(tokens);
    }

    @Override
    public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
        prompt().read(layer, q, k, v, tokens, out);
    }

    @Override
    public void endPrefill(int layer) {
        var reading = prompt();
        reading.end(layer);
        if (reading.isRead()) {
            prompt = null;
            progress.textEnds();
        }
    }

    private SlotPrompt prompt() {
        progress.checkReading();
        return Objects.requireNonNull(prompt);
    }

    /** The keepers that want to observe a prompt are shown its last query. */
    @Override
    public void fillRandom(int tokens, long seed) {
        progress.checkEmpty();
        beginPrefill(tokens);
        RandomTokens.fill(plan.shape(), plan.options().pageSize(), tokens, seed,
                (layer, q, k, v, count) -> prompt().readUnattended(layer, q, k, v, count), this::endPrefill);
    }

    @Override
    public void beginStep() {
        progress.beginStep();
    }

    @Override
    public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset, float[] out,
            int outOffset) {
        progress.checkOpen();
        progress.enter(layer, StepPhase.OPEN, StepPhase.MERGE);
        var tokens = layers[layer];
        PhaseEvent phase = PhaseEvent.start();
        System.arraycopy(k, kOffset, key, 0, key.length);
        System.arraycopy(v, vOffset, value, 0, value.length);
        append(tokens);
        PhaseEvent.finish(phase, LayerPhase.STORE, layer);
        phase = PhaseEvent.start();
        var keeper = tokens.keeper;
        if (keeper == null) {
            attend(tokens, q, qOffset, out, outOffset);
        } else {
            keeper.appended(length() - 1, 1, key, 0, value, 0);
            attend(tokens, keeper, q, qOffset, out, outOffset);
        }
        PhaseEvent.finish(phase, LayerPhase.ATTENTION, layer);
        progress.enter(layer, StepPhase.MERGE, StepPhase.OPEN);
    }

    /** Gives the new token a slot in each head, that of the one which leaves if the head is full. */
    private void append(LayerTokens tokens) {
        int pageSize = plan.options().pageSize();
        int position = length() - 1;
        for (int h = 0; h < tokens.heads.length; h++) {
            var head = tokens.heads[h];
            int slot = tokens.keeper instanceof EvictingKeeper keeper && head.count() == tokens.budgets[h]
                    ? replace(tokens, h, keeper.leaving(tokens, h))
                    : head.append(position);
            device.append(head.frame(slot), slot % pageSize, 1, key, value, h * plan.shape().headDim(),
                    plan.shape().kvWidth());
            tellFilled(tokens.layer, h, position);
        }
        tokens.length = length();
    }

    private int replace(LayerTokens tokens, int h, int leaving) {
        int i = tokens.heads[h].indexOf(leaving);
        if (i < 0) {
            throw new IllegalStateException(
                    "policy %s lets the token at position %d go, which is not among the %d of KV head %d in layer %d"
                            .formatted(plan.policy().name(), leaving, tokens.count(h), h, tokens.layer));
        }
        tellEvicted(tokens.layer, h, leaving);
        return tokens.heads[h].replace(i, length() - 1);
    }

    private void attend(LayerTokens tokens, float[] q, int qOffset, float[] out, int outOffset) {
        list(tokens);
        device.attend(q, qOffset, lists, attention);
        device.merge(attention, out, outOffset);
    }

    private void attend(LayerTokens tokens, TokenKeeper keeper, float[] q, int qOffset, float[] out, int outOffset) {
        var choice = chosen;
        boolean chooses = choice != null && tokens.length > tokens.budget;
        if (!keeper.observesSteps() && !chooses) {
            attend(tokens, q, qOffset, out, outOffset);
            return;
        }
        if (choice == null || !chooses || !(keeper instanceof SelectingKeeper selecting)) {
            list(tokens);
            device.attendObserved(q, qOffset, lists, attention, rows);
            device.mergeObserved(attention, out, outOffset, rows);
            seen.show(tokens, 0, tokens.length - 1);
            keeper.observe(seen);
            return;
        }
        choice.choose(selecting, tokens, q, qOffset);
        for (int h = 0; h < lists.length; h++) {
            for (int i = 0; i < choice.count(h); i++) {
                events.page(Kind.SELECTED, PageState.RESIDENT, progress.step(), tokens.layer, number, h,
                        choice.position(h, i), Float.NaN,
                        0);
            }
        }
        device.attendObserved(q, qOffset, choice.lists, attention, rows);
        device.mergeObserved(attention, out, outOffset, rows);
        if (keeper.observesSteps()) {
            keeper.observe(choice);
        }
        selecting.amend(out, outOffset);
    }

    private void list(LayerTokens tokens) {
        for (int h = 0; h < lists.length; h++) {
            tokens.heads[h].list(lists[h]);
        }
    }

    void tellFilled(int layer, int head, int position) {
        events.page(Kind.FILLED, PageState.RESIDENT, progress.step(), layer, number, head, position, Float.NaN,
                plan.tokenBytes());
    }

    void tellEvicted(int layer, int head, int position) {
        events.page(Kind.EVICTED, PageState.ABSENT, progress.step(), layer, number, head, position, Float.NaN,
                plan.tokenBytes());
    }

    @Override
    public void save(StateOutput out) throws IOException {
        state().save(out);
    }

    @Override
    public void restore(StateInput in) throws IOException {
        state().restore(in);
    }

    private SlotState state() {
        return new SlotState(plan, device, layers, progress);
    }

    @Override
    public KvSequence fork() {
        progress.checkAtRest();
        var copy = (SlotSequence) cache.open(need.maxTokens());
        try {
            copy.state().copy(state());
            return copy;
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (progress.close()) {
            for (var tokens : layers) {
                for (var head : tokens.heads) {
                    head.free();
                }
            }
            if (chosen != null) {
                chosen.free();
            }
            cache.release(this);
        }
    }
}
