package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.TotalBudget;

/** The budget of each layer, as a policy divides it. */
public final class LayerBudgets {
    private LayerBudgets() {}

    /**
     * Asks a policy for the budget of each layer, and checks the answers.
     *
     * @return tokens that each KV head may hold, by layer from {@code total.firstLayer()}
     * @throws IllegalStateException if the policy leaves a layer nothing, or takes more frames than equal budgets do
     */
    public static int[] of(CachePolicy policy, TotalBudget total) {
        int[] budgets = new int[total.layers()];
        long frames = 0;
        for (int i = 0; i < budgets.length; i++) {
            budgets[i] = policy.layerBudget(total, total.firstLayer() + i);
            checkFills(policy, budgets[i], "layer " + (total.firstLayer() + i));
            frames += total.frames(budgets[i]);
        }
        checkFrames(policy, frames, total.layers() * total.frames(total.tokens()), "the layers");
        return budgets;
    }

    /** Refuses a part of a budget without a token. */
    public static void checkFills(CachePolicy policy, int budget, String where) {
        if (budget < 1) {
            throw new IllegalStateException(
                    "policy %s leaves %s %d tokens: it needs 1 or more".formatted(policy.name(), where, budget));
        }
    }

    /** Refuses a division that takes more frames than equal budgets do. */
    public static void checkFrames(CachePolicy policy, long frames, long equal, String among) {
        if (frames > equal) {
            throw new IllegalStateException(
                    "policy %s divides the budget among %s and takes %d frames of %d: a division must not take more than equal budgets"
                            .formatted(policy.name(), among, frames, equal));
        }
    }
}
