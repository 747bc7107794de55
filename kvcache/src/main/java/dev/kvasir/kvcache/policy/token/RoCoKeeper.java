package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/** The tokens of one layer of a sequence under {@link RoCoPolicy}. */
final class RoCoKeeper implements EvictingKeeper {
    /** Newest tokens whose weights are too few to be judged. */
    static final int NEWEST = 10;

    /**
     * What the policy's options come to.
     *
     * @param block tokens of a block of the prompt; 0 if it is read whole
     * @param sinks first tokens that stay in blocks
     * @param feasibleInBlock f of a block
     * @param decodingRecent tokens spared by their deviation while decoding
     */
    record Sizes(int block, int sinks, int feasibleInBlock, int decodingRecent) {}

    private final TokenScope scope;
    private final Sizes sizes;
    private final boolean frozen; // ranks stay as they are at the prompt's end
    private final double[][] sums; // [kvHeads][maxTokens] of weights, by position
    private final double[][] squares; // of their squares
    private final int[][] seen; // by how many queries
    private final RankBuffer ranks;
    private final int[] feasible;
    private final int[] victims;
    private int textEnd; // position behind the last text

    RoCoKeeper(TokenScope scope, Sizes sizes, boolean frozen) {
        this.scope = scope;
        this.sizes = sizes;
        this.frozen = frozen;
        sums = new double[scope.kvHeads()][scope.maxTokens()];
        squares = new double[scope.kvHeads()][scope.maxTokens()];
        seen = new int[scope.kvHeads()][scope.maxTokens()];
        ranks = new RankBuffer(scope.maxTokens());
        feasible = new int[scope.maxTokens()];
        victims = new int[scope.maxTokens()];
    }

    @Override
    public void textBegins(int first, int tokens) {
        textEnd = first + tokens;
    }

    @Override
    public int promptQueries(int textTokens) {
        return textTokens;
    }

    @Override
    public int promptBlock() {
        return sizes.block();
    }

    @Override
    public boolean observesSteps() {
        return !frozen;
    }

    @Override
    public void observe(TokenAttention attention) {
        for (int kvHead = 0; kvHead < scope.kvHeads(); kvHead++) {
            for (int i = 0; i < attention.count(kvHead); i++) {
                int position = attention.position(kvHead, i);
                double weight = attention.mean(kvHead, i);
                sums[kvHead][position] += weight;
                squares[kvHead][position] += weight * weight;
                seen[kvHead][position]++;
            }
        }
    }

    private double mean(int kvHead, int position) {
        return sums[kvHead][position] / seen[kvHead][position];
    }

    private float deviation(int kvHead, int position) {
        double mean = mean(kvHead, position);
        return (float) Math.sqrt(Math.max(0, squares[kvHead][position] / seen[kvHead][position] - mean * mean));
    }

    /** Writes the {@code count} tokens that leave, of the {@code f} of lowest deviation of the {@code from}-th to the one before the {@code to}-th. */
    private void rank(TokenView tokens, int kvHead, int from, int to, int f, int count) {
        ranks.clear();
        for (int i = from; i < to; i++) {
            int position = tokens.position(kvHead, i);
            ranks.add(deviation(kvHead, position), position);
        }
        int size = Math.min(f, ranks.size());
        ranks.lowest(size, feasible);
        ranks.clear();
        for (int i = 0; i < size; i++) {
            ranks.add((float) mean(kvHead, feasible[i]), feasible[i]);
        }
        ranks.lowest(count, victims);
    }

    @Override
    public int retain(TokenView tokens, int kvHead, int[] kept) {
        int held = tokens.count(kvHead);
        int leave = held - scope.budget();
        int f = sizes.block() > 0 ? sizes.feasibleInBlock() : held - sizes.decodingRecent();
        rank(tokens, kvHead, sizes.sinks(), held - NEWEST, f, leave);
        Arrays.sort(victims, 0, leave);
        int count = 0;
        int victim = 0;
        for (int i = 0; i < held; i++) {
            int position = tokens.position(kvHead, i);
            if (victim < leave && victims[victim] == position) {
                victim++;
            } else {
                kept[count++] = position;
            }
        }
        return count;
    }

    @Override
    public int leaving(TokenView tokens, int kvHead) {
        int held = tokens.count(kvHead);
        if (!frozen) {
            rank(tokens, kvHead, 0, held - NEWEST, scope.budget() - 1 - sizes.decodingRecent(), 1);
            return victims[0];
        }
        int prompt = held;
        while (prompt > 0 && tokens.position(kvHead, prompt - 1) >= textEnd) {
            prompt--;
        }
        if (prompt <= sizes.sinks()) {
            return tokens.position(kvHead, sizes.sinks());
        }
        rank(tokens, kvHead, sizes.sinks(), prompt, sizes.feasibleInBlock(), 1);
        return victims[0];
    }

    @Override
    public void save(StateWriter state, int tokens) {
        state.writeInt(textEnd);
        for (int kvHead = 0; kvHead < scope.kvHeads(); kvHead++) {
            state.writeDoubles(sums[kvHead], tokens);
            state.writeDoubles(squares[kvHead], tokens);
            state.writeInts(seen[kvHead], tokens);
        }
    }

    @Override
    public void restore(StateReader state, int tokens) {
        textEnd = state.readInt();
        for (int kvHead = 0; kvHead < scope.kvHeads(); kvHead++) {
            state.readDoubles(sums[kvHead]);
            state.readDoubles(squares[kvHead]);
            state.readInts(seen[kvHead]);
        }
    }
}
