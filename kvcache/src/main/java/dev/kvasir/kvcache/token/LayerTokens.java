package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tokens of one layer of one sequence, and who keeps them. */
final class LayerTokens implements TokenView {
    final int layer;
    final TokenSlots[] heads; // [kvHeads]
    final @Nullable TokenKeeper keeper; // none where everything stays
    final int budget; // tokens of a head, the mean of all
    final int[] budgets; // [kvHeads]; equal unless the keeper divides
    int length; // tokens given so far

    LayerTokens(int layer, TokenSlots[] heads, int budget, @Nullable TokenKeeper keeper) {
        this.layer = layer;
        this.heads = heads;
        this.budget = budget;
        this.keeper = keeper;
        budgets = new int[heads.length];
        Arrays.fill(budgets, budget);
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int count(int kvHead) {
        return heads[kvHead].count();
    }

    @Override
    public int position(int kvHead, int i) {
        return heads[kvHead].position(i);
    }

    /** Whether all heads together hold more than their budget. */
    boolean isOverBudget() {
        long count = 0;
        for (var head : heads) {
            count += head.count();
        }
        return count > (long) budget * heads.length;
    }

    /** Tokens in the fullest head. */
    int mostTokens() {
        int most = 0;
        for (var head : heads) {
            most = Math.max(most, head.count());
        }
        return most;
    }
}
