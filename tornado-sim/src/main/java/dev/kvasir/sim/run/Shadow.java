package dev.kvasir.sim.run;

/**
 * Records for each element of an array the work-item of the last accesses and their time. Time is a stamp that grows at
 * every barrier that orders the array's memory, and with every work-group. Groups run one after the other, so a stamp
 * also identifies the group. Elements without accesses take no memory.
 */
final class Shadow {
    /** No conflict. */
    static final int NONE = -1;
    /** An unknown work-item. */
    static final int SOMEONE = -2;
    /** An atomic addition by any work-item. */
    private static final int ATOMIC = -3;

    private static final int BLOCK_BITS = 8;
    private static final int WRITER = 0;
    private static final int WRITTEN = 1;
    private static final int READER = 2; // its complement if several work-items have read at that stamp
    private static final int READ = 3;
    private static final int FIRST_READER = 4;
    private static final int FIRST_READ = 5;
    private static final int FIELDS = 6;

    private final int[][] blocks;

    Shadow(int elements) {
        blocks = new int[(elements >>> BLOCK_BITS) + 1][];
    }

    private int[] block(int index) {
        int at = index >>> BLOCK_BITS;
        int[] block = blocks[at];
        if (block == null) {
            block = new int[FIELDS << BLOCK_BITS];
            blocks[at] = block;
        }
        return block;
    }

    private static int offset(int index) {
        return (index & ((1 << BLOCK_BITS) - 1)) * FIELDS;
    }

    /** Whether the element was written at {@code since} or later. */
    boolean isWritten(int index, int since) {
        return block(index)[offset(index) + WRITTEN] >= since;
    }

    /**
     * Records a read. Returns a work-item whose write is not ordered before it, or {@link #NONE}.
     *
     * @param who the reading work-item
     * @param now the stamp
     * @param group the first stamp of its work-group
     * @param since the first stamp that counts
     */
    int read(int index, int who, int now, int group, int since) {
        int[] block = block(index);
        int at = offset(index);
        int conflict = writer(block, at, who, now, group, since);
        if (conflict != NONE) {
            return conflict;
        }
        if (block[at + FIRST_READ] < since) {
            block[at + FIRST_READER] = who;
            block[at + FIRST_READ] = now;
        }
        if (block[at + READ] != now) {
            block[at + READER] = who;
            block[at + READ] = now;
        } else if (block[at + READER] >= 0 && block[at + READER] != who) {
            block[at + READER] = ~block[at + READER];
        }
        return NONE;
    }

    /** Records a write. Returns a work-item whose access to the element is not ordered before it, or {@link #NONE}. */
    int write(int index, int who, int now, int group, int since) {
        int[] block = block(index);
        int at = offset(index);
        int conflict = writer(block, at, who, now, group, since);
        if (conflict == NONE) {
            conflict = reader(block, at, who, now, group, since);
        }
        block[at + WRITER] = who;
        block[at + WRITTEN] = now;
        return conflict;
    }

    /** Records an atomic addition. It does not conflict with other atomic additions. */
    int add(int index, int who, int now, int group, int since) {
        int[] block = block(index);
        int at = offset(index);
        int conflict = block[at + WRITER] == ATOMIC ? NONE : writer(block, at, who, now, group, since);
        if (conflict == NONE) {
            conflict = reader(block, at, who, now, group, since);
        }
        block[at + WRITER] = ATOMIC;
        block[at + WRITTEN] = now;
        return conflict;
    }

    private static int writer(int[] block, int at, int who, int now, int group, int since) {
        int written = block[at + WRITTEN];
        int writer = block[at + WRITER];
        boolean unordered = written >= since && writer != who && (written == now || written < group);
        return unordered ? writer == ATOMIC ? SOMEONE : writer : NONE;
    }

    private static int reader(int[] block, int at, int who, int now, int group, int since) {
        int first = block[at + FIRST_READ];
        if (first >= since && first < group) {
            return block[at + FIRST_READER];
        }
        int reader = block[at + READER];
        if (block[at + READ] != now || reader == who) {
            return NONE;
        }
        return reader >= 0 ? reader : ~reader == who ? SOMEONE : ~reader;
    }
}
