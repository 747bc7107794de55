package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.AttentionRows;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.page.FramePool;
import dev.kvasir.kvcache.policy.SelectingKeeper;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenQuery;

/**
 * What a policy that evicts nothing chooses in a step: first the query and the tokens to choose from, then the attention
 * to those chosen, which are gathered in frames of their own.
 */
final class ChosenTokens implements TokenQuery, TokenAttention {
    private final SlotPlan plan;
    private final KvDevice device;
    private final AttentionRows rows;
    private final int budget;
    private final int[][] chosen; // [kvHeads][budget] positions, ascending
    private final int[] count; // [kvHeads]
    private final TokenSlots[] copies; // [kvHeads]
    final FrameList[] lists; // [kvHeads]
    private LayerTokens layer;
    private float[] queries = {};
    private int queryOffset;
    private boolean isChosen;

    ChosenTokens(SlotPlan plan, KvDevice device, FramePool pool, AttentionRows rows, int budget, LayerTokens layer) {
        this.plan = plan;
        this.device = device;
        this.rows = rows;
        this.budget = budget;
        this.layer = layer;
        int heads = plan.shape().kvHeads();
        chosen = new int[heads][budget];
        count = new int[heads];
        copies = new TokenSlots[heads];
        lists = new FrameList[heads];
        for (int head = 0; head < heads; head++) {
            copies[head] = new TokenSlots(pool, plan.options().pageSize(), 0);
            for (int i = 0; i < budget; i++) {
                copies[head].append(i);
            }
            lists[head] = new FrameList(plan.options().pages(budget));
        }
    }

    /** Lets the keeper of a layer choose for a query, and gathers its choice in {@link #lists}. */
    void choose(SelectingKeeper keeper, LayerTokens ofLayer, float[] q, int qOffset) {
        layer = ofLayer;
        queries = q;
        queryOffset = qOffset;
        isChosen = false;
        for (int head = 0; head < chosen.length; head++) {
            count[head] = keeper.select(this, head, chosen[head]);
            check(head);
        }
        isChosen = true;
        int pageSize = plan.options().pageSize();
        for (int head = 0; head < chosen.length; head++) {
            device.copyTokens(layer.heads[head].frames(), chosen[head], count[head], copies[head].frames());
            lists[head].clear();
            for (int i = 0; i < count[head]; i += pageSize) {
                lists[head].add(copies[head].frame(i), Math.min(pageSize, count[head] - i));
            }
        }
    }

    private void check(int head) {
        boolean fits = count[head] >= 1 && count[head] <= budget;
        for (int i = 0; i < count[head] && fits; i++) {
            fits = chosen[head][i] < layer.length && chosen[head][i] > (i == 0 ? -1 : chosen[head][i - 1]);
        }
        if (!fits) {
            throw new IllegalStateException(
                    "policy %s selects %d of %d tokens within a budget of %d: they must ascend, exist and fit"
                            .formatted(
                                    plan.policy().name(), count[head], layer.length, budget));
        }
    }

    /** Position of the {@code i}-th chosen token. */
    int chosen(int kvHead, int i) {
        return chosen[kvHead][i];
    }

    @Override
    public int length() {
        return layer.length;
    }

    @Override
    public int count(int kvHead) {
        return isChosen ? count[kvHead] : layer.count(kvHead);
    }

    @Override
    public int position(int kvHead, int i) {
        return isChosen ? chosen[kvHead][i] : layer.position(kvHead, i);
    }

    @Override
    public float[] queries() {
        return queries;
    }

    @Override
    public int at(int queryHead) {
        return queryOffset + queryHead * plan.shape().headDim();
    }

    @Override
    public void keys(int kvHead, int element, float[] values) {
        device.readKeys(layer.heads[kvHead].frames(), layer.count(kvHead), 0, element, values);
    }

    @Override
    public int query() {
        return layer.length - 1;
    }

    @Override
    public float logit(int queryHead, int i) {
        return rows.logits()[rows.at(0, queryHead) + i];
    }

    @Override
    public float weight(int queryHead, int i) {
        return rows.weights()[rows.at(0, queryHead) + i];
    }

    @Override
    public float mean(int kvHead, int i) {
        int shared = plan.shape().shared();
        float sum = 0;
        for (int h = kvHead * shared; h < (kvHead + 1) * shared; h++) {
            sum += weight(h, i);
        }
        return sum / shared;
    }

    /** Gives the frames of the copies back. */
    void free() {
        for (var copy : copies) {
            copy.free();
        }
    }
}
