package dev.kvasir.model.tokenizer;

import java.util.Arrays;

/**
 * The merges of a vocabulary: a hash table from a pair of symbol ids to a rank (lower merges first) and the merged
 * symbol. It uses open addressing in primitive arrays, because encoding looks up one or two pairs per byte.
 */
final class PairTable {

    private static final long EMPTY = -1;

    private final long[] keys;
    private final int[] ranks;
    private final int[] merged;
    private final int mask;

    /** A table for up to {@code capacity} pairs, at most half full. */
    PairTable(int capacity) {
        int size = Integer.highestOneBit(Math.max(8, capacity)) << 2;
        keys = new long[size];
        Arrays.fill(keys, EMPTY);
        ranks = new int[size];
        merged = new int[size];
        mask = size - 1;
    }

    /** Adds a pair. If a pair is added twice, the first rank counts. */
    void add(int left, int right, int rank, int result) {
        long key = key(left, right);
        int slot = slot(key);
        if (keys[slot] == EMPTY) {
            keys[slot] = key;
            ranks[slot] = rank;
            merged[slot] = result;
        }
    }

    /** The index of a pair, or -1 if it never merges. */
    int find(int left, int right) {
        if (left < 0 || right < 0) {
            return -1;
        }
        long key = key(left, right);
        int slot = slot(key);
        return keys[slot] == key ? slot : -1;
    }

    int rank(int slot) {
        return ranks[slot];
    }

    int merged(int slot) {
        return merged[slot];
    }

    private int slot(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
