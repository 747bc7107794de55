package dev.kvasir.kvcache.transfer;

/** Makes the copy stream of a cache. */
@FunctionalInterface
public interface CopyStreamFactory {

    /** A stream for pages of {@code pageBytes}. */
    CopyStream create(long pageBytes);
}
