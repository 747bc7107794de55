package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.transfer.PageTransfers;

/**
 * Memory for a fixed number of page frames, numbered from 0. The caller decides which page is in which frame. The host
 * calls the operations of a {@link KvDevice} one by one; other devices run whole graphs of them.
 */
public interface FrameDevice extends AutoCloseable {

    /** The shape of every frame. */
    PageGeometry geometry();

    /** Number of frames. */
    int frames();

    /** Tokens of the longest sequence that the device has arrays for. */
    default int maxTokens() {
        return Integer.MAX_VALUE;
    }

    /**
     * Selects the {@code k} largest of {@code importance[from..to)}; of equals the lower index wins.
     *
     * @param winners receives the indices, ascending
     * @return how many: the smaller of {@code k} and {@code to - from}
     */
    int select(float[] importance, int from, int to, int k, int[] winners);

    /**
     * Creates the transfers between this device and the host store of a cache; called once.
     *
     * @param backups how backups are stored in the slots
     */
    PageTransfers transfers(HostStore host, BackupType backups);

    @Override
    void close();
}
