package dev.kvasir.kvcache.policy.token;

/**
 * Numbered tokens to be parted into low and high by their scores, without allocation. Of equals the older, that of the
 * lower position, is the lower.
 */
final class RankBuffer {
    private final long[] keys; // score above position, as they were added
    private final long[] parted; // the same, the lowest first as far as was asked
    private int size;

    RankBuffer(int capacity) {
        keys = new long[capacity];
        parted = new long[capacity];
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    void add(float score, int position) {
        int bits = Float.floatToIntBits(score);
        keys[size++] = (long) (bits ^ (bits >> 31) & Integer.MAX_VALUE) << 32 | position;
    }

    /** Brings the {@code k} lowest to the front of {@link #parted}, in no order. */
    private void part(int k) {
        System.arraycopy(keys, 0, parted, 0, size);
        int from = 0;
        int to = size - 1;
        while (from < to) { // quickselect: what k divides is between from and to
            long pivot = median(parted[from], parted[(from + to) >>> 1], parted[to]);
            int i = from;
            int j = to;
            while (i <= j) {
                while (parted[i] < pivot) {
                    i++;
                }
                while (parted[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    long swapped = parted[i];
                    parted[i++] = parted[j];
                    parted[j--] = swapped;
                }
            }
            if (k <= j) {
                to = j;
            } else if (k >= i) {
                from = i;
            } else {
                return;
            }
        }
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /** Writes the positions of the {@code k} lowest, in no order. */
    void lowest(int k, int[] positions) {
        if (k < size) {
            part(k);
        } else {
            System.arraycopy(keys, 0, parted, 0, size);
        }
        for (int i = 0; i < k; i++) {
            positions[i] = (int) parted[i];
        }
    }

    /** Writes the positions of the {@code k} lowest, the lowest first. */
    void lowestInOrder(int k, int[] positions) {
        lowest(k, positions);
        for (int i = k / 2 - 1; i >= 0; i--) { // heap sort: Arrays.sort allocates
            sink(i, k);
        }
        for (int end = k - 1; end > 0; end--) {
            long highest = parted[0];
            parted[0] = parted[end];
            parted[end] = highest;
            sink(0, end);
        }
        for (int i = 0; i < k; i++) {
            positions[i] = (int) parted[i];
        }
    }

    private void sink(int root, int end) {
        long key = parted[root];
        int hole = root;
        while (2 * hole + 1 < end) {
            int child = 2 * hole + 1;
            if (child + 1 < end && parted[child + 1] > parted[child]) {
                child++;
            }
            if (parted[child] <= key) {
                break;
            }
            parted[hole] = parted[child];
            hole = child;
        }
        parted[hole] = key;
    }

    /**
     * Writes the positions of the {@code k} highest in the order in which all were added.
     *
     * @return {@code at} and how many: the smaller of {@code k} and {@link #size}
     */
    int highest(int k, int[] positions, int at) {
        int lower = size - Math.min(k, size);
        long least = Long.MIN_VALUE;
        if (lower == size) {
            return at;
        }
        if (lower > 0) {
            part(lower);
            least = parted[lower];
            for (int i = lower + 1; i < size; i++) {
                least = Math.min(least, parted[i]);
            }
        }
        int end = at;
        for (int i = 0; i < size; i++) {
            if (keys[i] >= least) {
                positions[end++] = (int) keys[i];
            }
        }
        return end;
    }
}
