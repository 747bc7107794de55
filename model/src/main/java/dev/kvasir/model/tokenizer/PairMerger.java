package dev.kvasir.model.tokenizer;

import java.util.Arrays;

/**
 * Merges neighbouring symbols until no pair merges any more: the core of byte-pair encoding, in O(n log n). Pairs of
 * the lowest rank merge first, the leftmost of equals. Symbols are a linked list in arrays. Pairs are in a heap of
 * {@code rank << 32 | position}. A pair that no longer exists when it is popped is skipped.
 */
final class PairMerger {

    private final PairTable pairs;
    private int[] symbols = new int[0];
    private int[] previous = new int[0];
    private int[] next = new int[0];
    private long[] heap = new long[16];
    private int heapSize;

    PairMerger(PairTable pairs) {
        this.pairs = pairs;
    }

    /**
     * Merges in place.
     *
     * @param sequence the symbols; negative ones never merge
     * @param heads receives the original position of the start of each remaining symbol
     * @return number of remaining symbols
     */
    int merge(int[] sequence, int length, int[] heads) {
        load(sequence, length);
        while (heapSize > 0) {
            long top = pop();
            int left = (int) top;
            int right = next[left];
            if (symbols[left] == Integer.MIN_VALUE || right < 0) {
                continue;
            }
            int slot = pairs.find(symbols[left], symbols[right]);
            if (slot < 0 || pairs.rank(slot) != (int) (top >>> 32)) {
                continue;
            }
            symbols[left] = pairs.merged(slot);
            symbols[right] = Integer.MIN_VALUE;
            next[left] = next[right];
            if (next[left] >= 0) {
                previous[next[left]] = left;
                push(left, next[left]);
            }
            if (previous[left] >= 0) {
                push(previous[left], left);
            }
        }
        int count = 0;
        for (int at = length > 0 ? 0 : -1; at >= 0; at = next[at]) {
            heads[count] = at;
            sequence[count++] = symbols[at];
        }
        return count;
    }

    private void load(int[] sequence, int length) {
        if (symbols.length < length) {
            symbols = new int[length];
            previous = new int[length];
            next = new int[length];
        }
        heapSize = 0;
        System.arraycopy(sequence, 0, symbols, 0, length);
        for (int i = 0; i < length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1 < length ? i + 1 : -1;
            if (i > 0) {
                push(i - 1, i);
            }
        }
    }

    private void push(int left, int right) {
        int slot = pairs.find(symbols[left], symbols[right]);
        if (slot < 0) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = (long) pairs.rank(slot) << 32 | left;
        int at = heapSize++;
        while (at > 0 && heap[at - 1 >> 1] > entry) {
            heap[at] = heap[at - 1 >> 1];
            at = at - 1 >> 1;
        }
        heap[at] = entry;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int at = 0;
        for (int child = 1; child < heapSize; child = 2 * at + 1) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
