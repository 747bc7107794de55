package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;

/** Judges the tokens before a text's last queries once, by the weights that these give them. */
abstract class VotingKeeper implements EvictingKeeper {
    final PromptVotes votes;

    VotingKeeper(PromptVotes votes) {
        this.votes = votes;
    }

    @Override
    public void textBegins(int first, int tokens) {
        votes.begin(first, tokens);
    }

    @Override
    public int promptQueries(int textTokens) {
        return votes.queries(textTokens);
    }

    @Override
    public boolean observesSteps() {
        return false;
    }

    @Override
    public void observe(TokenAttention attention) {
        votes.add(attention);
    }

    @Override
    public void save(StateWriter state, int tokens) {
        votes.save(state, tokens);
    }

    @Override
    public void restore(StateReader state, int tokens) {
        votes.restore(state);
    }
}
