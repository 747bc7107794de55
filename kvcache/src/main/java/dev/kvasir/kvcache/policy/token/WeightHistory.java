package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/** The weights that the last queries gave the tokens of a KV head, each query those that it attended to. */
final class WeightHistory {
    private final int[][] positions; // [history][tokens attended]
    private final float[][] weights;
    private final int[] counts; // [history]
    private final float[] sums; // [maxTokens]
    private int next;

    WeightHistory(int history, int maxTokens, int budget) {
        positions = new int[history][budget];
        weights = new float[history][budget];
        counts = new int[history];
        sums = new float[maxTokens];
    }

    /** A query has attended, the oldest is forgotten. Allocates only in a prompt longer than the budget. */
    void add(TokenAttention attention, int kvHead) {
        int count = attention.count(kvHead);
        if (count > positions[next].length) {
            positions[next] = new int[count];
            weights[next] = new float[count];
        }
        for (int i = 0; i < count; i++) {
            positions[next][i] = attention.position(kvHead, i);
            weights[next][i] = attention.mean(kvHead, i);
        }
        counts[next] = count;
        next = (next + 1) % counts.length;
    }

    /** What all of them gave each token, by position up to {@code length}; the oldest query is summed first. */
    float[] sums(int length) {
        Arrays.fill(sums, 0, length, 0);
        for (int i = 0; i < counts.length; i++) {
            int query = (next + i) % counts.length;
            for (int j = 0; j < counts[query]; j++) {
                sums[positions[query][j]] += weights[query][j];
            }
        }
        return sums;
    }

    void save(StateWriter state) {
        state.writeInt(next);
        for (int i = 0; i < counts.length; i++) {
            state.writeInts(positions[i], counts[i]);
            state.writeFloats(weights[i], counts[i]);
        }
    }

    void restore(StateReader state) {
        next = state.readInt(0, counts.length - 1);
        for (int i = 0; i < counts.length; i++) {
            int[] read = state.readInts();
            if (read.length > positions[i].length) {
                positions[i] = new int[read.length];
                weights[i] = new float[read.length];
            }
            System.arraycopy(read, 0, positions[i], 0, read.length);
            counts[i] = read.length;
            state.readFloats(weights[i]);
        }
    }
}
