package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.page.FramePool;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/**
 * Where the tokens of one KV head of one layer are: slots {@code 0..count-1} of its frames are full, and slot {@code s} is
 * slot {@code s % pageSize} of frame {@code s / pageSize}. Until the first token leaves, the token at position {@code i}
 * is in slot {@code i}; then a coming token takes the slot of the one that leaves.
 */
final class TokenSlots {
    private final FramePool pool;
    private final int pageSize;
    private final int capacity;
    private int[] positions; // ascending, of the tokens here; counts once a token has left
    private int[] slots; // of the same tokens
    private int[] frames = new int[4];
    private int frameCount;
    private int count;
    private boolean isStraight = true; // no token has left

    /** No tokens; once one has left, at most {@code capacity} will be here, except while a text is read. */
    TokenSlots(FramePool pool, int pageSize, int capacity) {
        this.pool = pool;
        this.pageSize = pageSize;
        this.capacity = capacity;
        positions = new int[capacity];
        slots = new int[capacity];
    }

    /** Tokens here. */
    int count() {
        return count;
    }

    /** Position of the {@code i}-th token, ascending. */
    int position(int i) {
        return isStraight ? i : positions[i];
    }

    /** Slot of the {@code i}-th token. */
    int slot(int i) {
        return isStraight ? i : slots[i];
    }

    /** Whether no token has left: the {@code i}-th is at position {@code i} and in slot {@code i}. */
    boolean isStraight() {
        return isStraight;
    }

    /** The frames in the order of their slots. */
    int[] frames() {
        return frames;
    }

    /** The frame of a slot. */
    int frame(int slot) {
        return frames[slot / pageSize];
    }

    /** Gives the token at {@code position} the next slot; returns that. */
    int append(int position) {
        if (count == frameCount * pageSize) {
            if (frameCount == frames.length) {
                frames = Arrays.copyOf(frames, 2 * frameCount);
            }
            frames[frameCount++] = pool.take();
        }
        if (!isStraight) {
            if (count == positions.length) {
                resize(2 * count);
            }
            positions[count] = position;
            slots[count] = count;
        }
        return count++;
    }

    /** Gives the token at {@code position} the slot of the {@code i}-th, which leaves; returns that. */
    int replace(int i, int position) {
        straighten();
        int slot = slots[i];
        System.arraycopy(positions, i + 1, positions, i, count - 1 - i);
        System.arraycopy(slots, i + 1, slots, i, count - 1 - i);
        positions[count - 1] = position;
        slots[count - 1] = slot;
        return slot;
    }

    private void resize(int tokens) {
        positions = Arrays.copyOf(positions, tokens);
        slots = Arrays.copyOf(slots, tokens);
    }

    /** Notes that the tokens at these positions, ascending, are now in these of the first slots and no other is left. */
    void keep(int[] kept, int[] keptSlots, int keptCount) {
        if (positions.length != capacity) {
            resize(capacity);
        }
        for (int i = 0; i < keptCount; i++) {
            positions[i] = kept[i];
            slots[i] = keptSlots[i];
        }
        isStraight = false;
        count = keptCount;
        while ((frameCount - 1) * pageSize >= count) {
            pool.free(frames[--frameCount]);
        }
    }

    private void straighten() {
        for (int i = 0; i < count && isStraight; i++) {
            positions[i] = i;
            slots[i] = i;
        }
        isStraight = false;
    }

    /** Which token is at a position, or a negative number if none is. */
    int indexOf(int position) {
        return isStraight ? position < count ? position : -1 : Arrays.binarySearch(positions, 0, count, position);
    }

    /** Lists all frames. */
    void list(FrameList list) {
        list.clear();
        for (int i = 0; i < frameCount; i++) {
            list.add(frames[i], Math.min(pageSize, count - i * pageSize));
        }
    }

    /** Writes which token is in which slot. */
    void save(StateWriter state) {
        state.writeInt(count);
        state.writeInt(isStraight ? 1 : 0);
        state.writeInts(positions, isStraight ? 0 : count);
        state.writeInts(slots, isStraight ? 0 : count);
    }

    /**
     * Takes frames for the tokens of saved slots; their contents are still missing.
     *
     * @param most tokens that the sequence has
     */
    void restore(StateReader state, int most) {
        int saved = state.readInt(0, most);
        boolean straight = state.readInt(0, 1) == 1;
        for (int position = 0; position < saved; position++) {
            append(position);
        }
        state.readInts(positions);
        state.readInts(slots);
        isStraight = straight;
    }

    /** Frames in use. */
    int frameCount() {
        return frameCount;
    }

    /** Gives all frames back. */
    void free() {
        while (frameCount > 0) {
            pool.free(frames[--frameCount]);
        }
        count = 0;
    }
}
