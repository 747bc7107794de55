package dev.kvasir.kvcache.plan;

import dev.kvasir.kernels.backup.PackedPage;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.disk.DiskSpace;
import dev.kvasir.kvcache.disk.PageFile;

/**
 * Room for backups.
 *
 * @param slots backups that there is room for, in memory and on disk
 * @param cells slots that host memory has room for: all of them unless there is a disk
 * @param prefixSlots of these, slots for backups whose sequences are closed
 * @param slotBytes bytes of a backup
 */
public record BackupRoom(int slots, int cells, int prefixSlots, long slotBytes) {

    /**
     * The room that options give.
     *
     * @param need of the longest sequence
     * @param leastCells backups that copies use at once at most: those of the pages that fill in a step, and a part of a
     *            step's recalls
     * @throws KvMemoryException if it does not suffice for one sequence
     */
    static BackupRoom of(CacheOptions options, MemoryNeed need, int sequences, PageGeometry geometry, int leastCells) {
        long slotBytes = PackedPage.bytes(geometry, options.backupType());
        int prefixSlots = (int) Math.min(options.prefixCache() / slotBytes, Integer.MAX_VALUE / 2);
        long wanted = Math.min(sequences * need.hostSlots() + prefixSlots, Integer.MAX_VALUE - 8);
        long inMemory = options.hostMemory() / slotBytes;
        if (options.disk().isEmpty() || options.hostMemory() == 0 || inMemory >= wanted) {
            int slots = need.hostSlots(sequences, options.hostMemory(), slotBytes) + prefixSlots;
            return new BackupRoom(slots, slots, prefixSlots, slotBytes);
        }
        if (inMemory < leastCells) {
            throw new IllegalArgumentException(
                    "host memory for %d backups is too little beside a disk: %d are on the way at once, set CacheOptions.hostMemory to %s or more"
                            .formatted(inMemory, leastCells, ByteSize.of(leastCells * slotBytes)));
        }
        int slots = slotsOnDisk(options.disk().get(), need, slotBytes, wanted);
        return new BackupRoom(slots, (int) Math.min(inMemory, slots), prefixSlots, slotBytes);
    }

    private static int slotsOnDisk(DiskSpace disk, MemoryNeed need, long slotBytes, long wanted) {
        long onDisk = disk.limit() / PageFile.stride(slotBytes);
        if (onDisk < need.hostSlots()) {
            throw new KvMemoryException(
                    "a sequence of %d tokens has %d backups of %s, and the disk space in %s holds %d: raise CacheOptions.disk or CacheOptions.hostMemory"
                            .formatted(need.maxTokens(), need.hostSlots(), ByteSize.of(slotBytes), disk.folder(),
                                    onDisk));
        }
        return (int) Math.min(wanted, onDisk);
    }

    /** Whether some backups are on disk. */
    public boolean usesDisk() {
        return cells < slots;
    }

    /** Slots for the backups of open sequences. */
    public int slotsOfSequences() {
        return slots - prefixSlots;
    }
}
