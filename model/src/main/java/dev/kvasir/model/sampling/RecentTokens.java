package dev.kvasir.model.sampling;

import dev.kvasir.kvcache.state.StateWriter;

/** The last n tokens of a text. */
final class RecentTokens {
    private final int[] ring;
    private final boolean[] seen;
    private int size;
    private int next;

    RecentTokens(int capacity, int vocabulary) {
        ring = new int[capacity];
        seen = new boolean[vocabulary];
    }

    void add(int token) {
        if (ring.length == 0) {
            return;
        }
        ring[next] = token;
        next = (next + 1) % ring.length;
        size = Math.min(size + 1, ring.length);
    }

    /** Forgets all. */
    void clear() {
        size = 0;
    }

    /** Writes them, the oldest first. */
    void save(StateWriter state) {
        int[] oldestFirst = new int[size];
        for (int i = 0; i < size; i++) {
            oldestFirst[i] = ring[(next - size + i + ring.length) % ring.length];
        }
        state.writeInts(oldestFirst, size);
    }

    /**
     * Penalises every recent token once, even if it occurred several times (Keskar et al., CTRL, 2019, section 4.1).
     */
    void penalize(float[] logits, float penalty) {
        for (int i = 0; i < size; i++) {
            int token = ring[i];
            if (!seen[token]) {
                seen[token] = true;
                logits[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
            }
        }
        for (int i = 0; i < size; i++) {
            seen[ring[i]] = false;
        }
    }
}
