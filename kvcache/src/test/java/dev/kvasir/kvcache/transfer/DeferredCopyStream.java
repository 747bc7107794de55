package dev.kvasir.kvcache.transfer;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The worst stream its contract allows: copies happen as late as possible and in random order, and a destination is
 * garbage from the moment its copy is enqueued. Whoever reads too early, or reuses a source too early, gets caught.
 */
public final class DeferredCopyStream implements CopyStream {
    private static final byte GARBAGE = (byte) 0xFF; // NaN in every type

    private record Copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        void run() {
            MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
        }
    }

    private final SplittableRandom random;
    private final long pageBytes;
    private final List<Copy> copies = new ArrayList<>();
    private final List<Integer> pending = new ArrayList<>();

    public DeferredCopyStream(long pageBytes, long seed) {
        this.pageBytes = pageBytes;
        random = new SplittableRandom(seed);
    }

    @Override
    public long backup(MemorySegment frame, MemorySegment host, long hostOffset) {
        return enqueue(new Copy(frame, 0, host, hostOffset, pageBytes));
    }

    @Override
    public long recall(MemorySegment host, long hostOffset, MemorySegment frame) {
        return enqueue(new Copy(host, hostOffset, frame, 0, pageBytes));
    }

    private long enqueue(Copy copy) {
        copy.to().asSlice(copy.toOffset(), pageBytes).fill(GARBAGE);
        copies.add(copy);
        pending.add(copies.size() - 1);
        return copies.size() - 1;
    }

    @Override
    public boolean done(long ticket) {
        if (!pending.isEmpty() && random.nextInt(4) == 0) {
            runPending(random.nextInt(pending.size()));
        }
        return !pending.contains((int) ticket);
    }

    @Override
    public void await(long ticket) {
        while (pending.contains((int) ticket)) {
            runPending(random.nextInt(pending.size()));
        }
    }

    private void runPending(int i) {
        copies.get(pending.remove(i)).run();
    }

    @Override
    public long hiddenNanos() {
        return 0;
    }

    @Override
    public long exposedNanos() {
        return 0;
    }

    @Override
    public void close() {
        while (!pending.isEmpty()) {
            runPending(0);
        }
    }
}
