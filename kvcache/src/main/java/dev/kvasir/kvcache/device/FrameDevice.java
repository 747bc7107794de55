package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.CopyStreamFactory;
import dev.kvasir.kvcache.transfer.HostCopyStream;
import dev.kvasir.kvcache.transfer.PageTransfers;

/**
 * Memory for a fixed number of page frames, numbered from 0; which frame holds what is the caller's business. Devices
 * whose operations the host calls one by one are {@link KvDevice}s; others run whole graphs of them.
 */
public sealed interface FrameDevice extends AutoCloseable permits KvDevice, GraphDevice {

    /** The shape of every frame. */
    PageGeometry geometry();

    /** Number of frames. */
    int frames();

    /**
     * Selects the {@code k} largest of {@code importance[from..to)}; of equals the lower index wins.
     *
     * @param winners receives the indices, ascending
     * @return how many: the smaller of {@code k} and {@code to - from}
     */
    int select(float[] importance, int from, int to, int k, int[] winners);

    /** How pages are copied unless the caller wants it otherwise. */
    default CopyStreamFactory copyStreams() {
        return HostCopyStream::new;
    }

    /**
     * The copies of pages between this device and a host store; asked for once.
     *
     * @param streams makes the copy stream, where the device's frames can be copied by one
     */
    PageTransfers transfers(HostStore host, CopyStreamFactory streams);

    @Override
    void close();
}
