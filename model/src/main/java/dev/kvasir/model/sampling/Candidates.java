package dev.kvasir.model.sampling;

/**
 * Tokens by descending logits, sorted only as far as needed: a binary heap over the whole vocabulary, from which the
 * next most likely token is popped. Of tokens with equal logits the lower id comes first.
 */
final class Candidates {
    private final int[] heap;
    private int size;
    private float[] logits = {};

    Candidates(int vocabulary) {
        heap = new int[vocabulary];
    }

    /** Starts again with all tokens. */
    void reset(float[] newLogits) {
        logits = newLogits;
        size = heap.length;
        for (int i = 0; i < size; i++) {
            heap[i] = i;
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i);
        }
    }

    /** Removes and returns the most likely remaining token. */
    int pop() {
        int top = heap[0];
        heap[0] = heap[--size];
        siftDown(0);
        return top;
    }

    private void siftDown(int start) {
        int parent = start;
        int moving = heap[parent];
        for (int child = 2 * parent + 1; child < size; child = 2 * parent + 1) {
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], moving)) {
                break;
            }
            heap[parent] = heap[child];
            parent = child;
        }
        heap[parent] = moving;
    }

    private boolean before(int a, int b) {
        return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    }
}
