package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.AttentionRows;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.TokenKeeper;
import java.util.Arrays;

/**
 * Reads a text into one sequence layer by layer, behind the tokens that its heads hold: whole and then cut down to the
 * budget, or in the blocks its keeper wants. The queries to be observed go in runs so short that their rows of the attention matrix fit a fixed room; the
 * others as fast as any.
 */
final class SlotPrompt {
    /** Numbers of the attention matrix that are held at a time, unless one query alone has more. */
    private static final int ROOM = 1 << 22;

    private final SlotPlan plan;
    private final KvDevice device;
    private final SlotSequence sequence;
    private final int tokens; // of the text
    private final FrameList[] lists; // [kvHeads]
    private final int[] before; // [kvHeads]: tokens in front of a run of queries
    private final AttentionRows rows;
    private final SeenTokens seen;
    private final int[] kept;
    private float[] someQueries = {};
    private float[] someOutputs = {};
    private int layer;
    private int read; // tokens of this layer

    SlotPrompt(SlotPlan plan, KvDevice device, SlotSequence sequence, int tokens) {
        this.plan = plan;
        this.device = device;
        this.sequence = sequence;
        this.tokens = tokens;
        lists = new FrameList[plan.shape().kvHeads()];
        Arrays.setAll(lists, head -> new FrameList());
        before = new int[lists.length];
        rows = new AttentionRows(plan.shape().queryHeads());
        seen = new SeenTokens(rows, plan.shape().shared(), sequence.layer(0));
        kept = new int[sequence.length() + tokens];
        for (int i = 0; i < plan.shape().layers(); i++) {
            var keeper = sequence.layer(i).keeper;
            if (keeper != null) {
                keeper.textBegins(sequence.length(), tokens);
            }
        }
    }

    /** Whether all layers have read it. */
    boolean isRead() {
        return layer == plan.shape().layers();
    }

    /** Appends the next tokens of a layer and attends their queries. */
    void read(int ofLayer, float[] q, float[] k, float[] v, int count, float[] out) {
        check(ofLayer, count);
        var held = sequence.layer(layer);
        for (int done = 0; done < count;) {
            int piece = Math.min(count - done, roomInBlock(held));
            append(held, k, v, done, piece);
            attend(held, q, done, piece, out);
            done += piece;
            endBlock(held);
        }
    }

    /** As {@link #read}, but of all queries only the text's last attends, if the keeper wants to observe any. */
    void readUnattended(int ofLayer, float[] q, float[] k, float[] v, int count) {
        check(ofLayer, count);
        var held = sequence.layer(layer);
        for (int done = 0; done < count;) {
            int piece = Math.min(count - done, roomInBlock(held));
            append(held, k, v, done, piece);
            done += piece;
            var keeper = held.keeper;
            if (read == tokens && keeper != null && keeper.promptQueries(tokens) > 0) {
                list(held);
                observe(held, keeper, q, done - 1, 1, new float[q.length]);
            }
            endBlock(held);
        }
    }

    private void check(int ofLayer, int count) {
        if (ofLayer != layer || count < 0 || read + count > tokens) {
            throw new IllegalStateException(
                    "%d tokens for layer %d, but layer %d is being read and lacks %d".formatted(count, ofLayer, layer,
                            tokens - read));
        }
    }

    private int block(LayerTokens held) {
        var keeper = held.keeper;
        return keeper == null ? 0 : keeper.promptBlock();
    }

    private int roomInBlock(LayerTokens held) {
        int block = block(held);
        return block == 0 ? tokens : held.budget + block - held.mostTokens();
    }

    private void endBlock(LayerTokens held) {
        int block = block(held);
        if (block > 0 && held.mostTokens() == held.budget + block) {
            cut(held);
        }
    }

    private void append(LayerTokens held, float[] k, float[] v, int from, int count) {
        int pageSize = plan.options().pageSize();
        int stride = plan.shape().kvWidth();
        for (int h = 0; h < held.heads.length; h++) {
            var head = held.heads[h];
            int first = head.count();
            for (int i = 0; i < count; i++) {
                head.append(held.length + i);
                sequence.tellFilled(layer, h, held.length + i);
            }
            for (int i = 0; i < count;) {
                int slot = first + i;
                int run = Math.min(pageSize - slot % pageSize, count - i);
                device.append(head.frame(slot), slot % pageSize, run, k, v,
                        (from + i) * stride + h * plan.shape().headDim(), stride);
                i += run;
            }
        }
        var keeper = held.keeper;
        if (keeper != null) {
            keeper.appended(held.length, count, k, from * stride, v, from * stride);
        }
        held.length += count;
        read += count;
    }

    private void list(LayerTokens held) {
        for (int h = 0; h < lists.length; h++) {
            held.heads[h].list(lists[h]);
        }
    }

    private void attend(LayerTokens held, float[] q, int from, int count, float[] out) {
        list(held);
        var keeper = held.keeper;
        int wanted = keeper == null ? 0 : keeper.promptQueries(tokens);
        int unobserved = Math.clamp(tokens - wanted - (read - count), 0, count);
        if (unobserved > 0) {
            listBefore(held, count);
            if (from == 0) {
                device.prefill(q, unobserved, plan.shape().queryHeads(), before, lists, out);
            } else {
                take(q, from, unobserved);
                device.prefill(someQueries, unobserved, plan.shape().queryHeads(), before, lists, someOutputs);
                give(out, from, unobserved);
            }
        }
        if (keeper != null && unobserved < count) {
            observe(held, keeper, q, from + unobserved, count - unobserved, out);
        }
    }

    /** Attends {@code count} queries, of which the last is that of the last token read, and shows them to the keeper. */
    private void observe(LayerTokens held, TokenKeeper keeper, float[] q, int from, int count, float[] out) {
        int queryHeads = plan.shape().queryHeads();
        int visible = held.mostTokens();
        int room = Math.max(1, ROOM / Math.multiplyExact(queryHeads, visible));
        for (int done = 0; done < count;) {
            int run = Math.min(room, count - done);
            rows.reserve(run, visible);
            take(q, from + done, run);
            listBefore(held, count - done);
            device.prefillObserved(someQueries, run, queryHeads, before, lists, someOutputs, rows);
            give(out, from + done, run);
            for (int i = 0; i < run; i++) {
                seen.show(held, i, held.length - count + done + i);
                keeper.observe(seen);
            }
            done += run;
        }
    }

    /** Notes how many tokens of each head are before the last {@code count}. */
    private void listBefore(LayerTokens held, int count) {
        for (int h = 0; h < before.length; h++) {
            before[h] = held.count(h) - count;
        }
    }

    private void take(float[] q, int from, int count) {
        int size = count * plan.shape().queryWidth();
        if (someQueries.length < size) {
            someQueries = new float[size];
            someOutputs = new float[size];
        }
        System.arraycopy(q, from * plan.shape().queryWidth(), someQueries, 0, size);
    }

    private void give(float[] out, int to, int count) {
        System.arraycopy(someOutputs, 0, out, to * plan.shape().queryWidth(), count * plan.shape().queryWidth());
    }

    /** Ends one layer: cuts it down to the budget. */
    void end(int ofLayer) {
        if (ofLayer != layer || read != tokens) {
            throw new IllegalStateException("layer %d cannot end: layer %d is being read and lacks %d tokens".formatted(
                    ofLayer, layer, tokens - read));
        }
        var held = sequence.layer(layer);
        cut(held);
        layer++;
        read = 0;
    }

    private void cut(LayerTokens held) {
        if (!(held.keeper instanceof EvictingKeeper keeper)) {
            return;
        }
        if (plan.policy().dividesHeads() && block(held) == 0 && held.isOverBudget()) {
            plan.divide(held, keeper);
        }
        for (int h = 0; h < held.heads.length; h++) {
            if (held.count(h) > held.budgets[h]) {
                retain(held, h, keeper.retain(held, h, kept));
            }
        }
    }

    private void retain(LayerTokens held, int h, int count) {
        var head = held.heads[h];
        int[] slots = new int[Math.max(0, count)];
        int found = 0;
        for (int i = 0; i < head.count(); i++) {
            if (found < count && head.position(i) == kept[found]) {
                slots[found++] = head.slot(i);
            } else {
                sequence.tellEvicted(layer, h, head.position(i));
            }
        }
        if (count < 1 || count > held.budgets[h] || found < count) {
            throw new IllegalStateException(
                    "policy %s keeps %d tokens of %d within a budget of %d: they must ascend, be there and fit"
                            .formatted(plan.policy().name(), count, head.count(), held.budgets[h]));
        }
        int[] ascending = slots.clone(); // so that no token is overwritten before it has been copied
        Arrays.sort(ascending);
        device.copyTokens(head.frames(), ascending, count, head.frames());
        for (int i = 0; i < count; i++) {
            slots[i] = Arrays.binarySearch(ascending, slots[i]);
        }
        head.keep(kept, slots, count);
        if (block(held) > 0 && count < held.budget) {
            throw new IllegalStateException(
                    "policy %s reads texts in blocks and keeps %d tokens within a budget of %d: blocks need all of it"
                            .formatted(plan.policy().name(), count, held.budget));
        }
    }
}
