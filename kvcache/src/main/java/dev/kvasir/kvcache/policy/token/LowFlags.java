package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** For each token of a KV head, which of the last queries gave it little: a ring of bits, and how many are set. */
final class LowFlags {
    private final int history;
    private final long[] @Nullable [] bits; // [maxTokens][history / 64], of the tokens that are here
    private final int[] counts; // [maxTokens]
    private final long[][] spare; // rows of tokens that left
    private int spares;
    private int query; // in the ring

    LowFlags(int history, int maxTokens, int budget) {
        this.history = history;
        bits = new long[maxTokens][];
        counts = new int[maxTokens];
        spare = new long[budget][words()];
        spares = budget;
    }

    private int words() {
        return (history + 63) / 64;
    }

    /** A token comes: no query has given it little. Allocates only for more tokens than the budget, in a prompt. */
    void add(int position) {
        long[] row = spares > 0 ? spare[--spares] : new long[words()];
        Arrays.fill(row, 0);
        bits[position] = row;
        counts[position] = 0;
    }

    /** A token leaves. */
    void remove(int position) {
        long[] row = bits[position];
        if (row != null && spares < spare.length) {
            spare[spares++] = row;
        }
        bits[position] = null;
    }

    /** What the query under way gave a token. */
    void set(int position, boolean low) {
        long[] row = bits[position];
        if (row == null) {
            throw new IllegalStateException("token %d has left".formatted(position));
        }
        long bit = 1L << query;
        boolean was = (row[query / 64] & bit) != 0;
        if (was != low) {
            row[query / 64] ^= bit;
            counts[position] += low ? 1 : -1;
        }
    }

    /** The query under way has given everything. */
    void next() {
        query = (query + 1) % history;
    }

    /** How many of the last queries gave a token little. */
    int count(int position) {
        return counts[position];
    }

    /** Writes the bits of the tokens that are here, all of them before {@code tokens}. */
    void save(StateWriter state, int tokens) {
        state.writeInt(query);
        for (int position = 0; position < tokens; position++) {
            long[] row = bits[position];
            state.writeLongs(row == null ? new long[0] : row, row == null ? 0 : words());
        }
        state.writeInts(counts, tokens);
    }

    void restore(StateReader state, int tokens) {
        query = state.readInt(0, history - 1);
        var row = new long[words()];
        for (int position = 0; position < tokens; position++) {
            if (state.readLongs(row) > 0) {
                add(position);
                System.arraycopy(row, 0, Objects.requireNonNull(bits[position]), 0, row.length);
            }
        }
        state.readInts(counts);
    }
}
