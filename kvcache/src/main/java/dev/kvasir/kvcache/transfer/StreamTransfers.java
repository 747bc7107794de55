package dev.kvasir.kvcache.transfer;

import dev.kvasir.kvcache.page.HostStore;
import java.lang.foreign.MemorySegment;

/** The transfers of a device whose frames lie in memory that a {@link CopyStream} can read and write. */
public final class StreamTransfers implements PageTransfers {
    private final CopyStream stream;
    private final MemorySegment[] frames; // sliced once: slicing allocates
    private final HostStore host;

    /** Transfers between these frames and the store; closing them closes the stream. */
    public StreamTransfers(CopyStream stream, MemorySegment[] frames, HostStore host) {
        this.stream = stream;
        this.frames = frames;
        this.host = host;
    }

    @Override
    public long backup(int frame, int slot) {
        return stream.backup(frames[frame], host.memory(slot), host.offset(slot));
    }

    @Override
    public long recall(int slot, int frame) {
        return stream.recall(host.memory(slot), host.offset(slot), frames[frame]);
    }

    @Override
    public boolean done(long ticket) {
        return stream.done(ticket);
    }

    @Override
    public void await(long ticket) {
        stream.await(ticket);
    }

    @Override
    public long hiddenNanos() {
        return stream.hiddenNanos();
    }

    @Override
    public long exposedNanos() {
        return stream.exposedNanos();
    }

    @Override
    public void close() {
        stream.close();
    }
}
