package dev.kvasir.kvcache.disk;

import dev.kvasir.kvcache.page.SlotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where backups go that host memory has no room for.
 *
 * @param folder an existing folder that can be written to
 * @param bytes at most; 0 for nine tenths of the free space
 */
public record DiskSpace(Path folder, long bytes) {

    /** Bytes that backups may take. */
    public long limit() {
        try {
            if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw new IllegalArgumentException(
                        "%s is no folder that can be written to: set CacheOptions.disk to one".formatted(folder));
            }
            long free = Files.getFileStore(folder).getUsableSpace();
            if (bytes > free) {
                throw new IllegalArgumentException(
                        "the file system of %s has %d MiB free, and %d MiB are asked for: lower CacheOptions.disk or free space"
                                .formatted(folder, free >> 20, bytes >> 20));
            }
            return bytes == 0 ? free / 10 * 9 : bytes;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the free space of %s cannot be found out (%s): set CacheOptions.disk to another folder"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    /**
     * Opens a file for backups.
     *
     * @throws IllegalArgumentException if it cannot be created
     */
    public SlotFile open(int slots, long slotBytes) {
        try {
            return new PageFile(folder, slots, slotBytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "no file for backups can be created in %s (%s): set CacheOptions.disk to another folder"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    @Override
    public String toString() {
        return bytes == 0 ? folder.toString() : folder + ":" + bytes;
    }
}
