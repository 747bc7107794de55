package dev.kvasir.kvcache.transfer;

import dev.kvasir.kvcache.page.HostStore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The worst transfers that the contract allows: copies happen as late as possible and in random order, and a destination
 * is garbage from the moment its copy is enqueued. A cache that reads too early, or reuses a source too early, fails.
 */
public final class DeferredTransfers implements PageTransfers {
    private static final byte GARBAGE = (byte) 0xFF; // NaN in every type

    private record Copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        void run() {
            MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
        }
    }

    private final SplittableRandom random;
    private final MemorySegment[] frames;
    private final HostStore host;
    private final long pageBytes;
    private final List<Copy> copies = new ArrayList<>();
    private final List<Integer> pending = new ArrayList<>();

    public DeferredTransfers(MemorySegment[] frames, HostStore host, long seed) {
        this.frames = frames;
        this.host = host;
        pageBytes = host.slotBytes();
        random = new SplittableRandom(seed);
    }

    @Override
    public long backup(int frame, int slot) {
        return enqueue(new Copy(frames[frame], 0, host.memory(slot), host.offset(slot), pageBytes));
    }

    @Override
    public long recall(int slot, int frame) {
        return enqueue(new Copy(host.memory(slot), host.offset(slot), frames[frame], 0, pageBytes));
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
