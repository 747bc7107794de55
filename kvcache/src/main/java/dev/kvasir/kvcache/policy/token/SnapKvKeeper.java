package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/** Keeps what SnapKV keeps, each KV head within a budget of its own. */
class SnapKvKeeper extends VotingKeeper {
    final int[] budgets; // [kvHeads] tokens

    SnapKvKeeper(TokenScope scope, PromptVotes.Rule rule) {
        super(new PromptVotes(scope, rule));
        budgets = new int[scope.kvHeads()];
        Arrays.fill(budgets, scope.budget());
    }

    @Override
    public int retain(TokenView tokens, int kvHead, int[] kept) {
        int window = tokens.length() - votes.firstQuery();
        return votes.retain(tokens, kvHead, 0, budgets[kvHead] - window, tokens.count(kvHead) - window, kept);
    }

    @Override
    public int leaving(TokenView tokens, int kvHead) {
        int chosen = 0;
        while (chosen < tokens.count(kvHead) && tokens.position(kvHead, chosen) < votes.firstQuery()) {
            chosen++;
        }
        return chosen == 0
                ? tokens.position(kvHead, 0)
                : TokenRanks.lowest(tokens, kvHead, votes.scores(kvHead), 0, chosen);
    }

    @Override
    public void save(StateWriter state, int tokens) {
        super.save(state, tokens);
        state.writeInts(budgets, budgets.length);
    }

    @Override
    public void restore(StateReader state, int tokens) {
        super.restore(state, tokens);
        state.readInts(budgets);
    }
}
