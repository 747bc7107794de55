package dev.kvasir.kvcache.page;

import org.jspecify.annotations.Nullable;

/** A backup could not be written to or read from the disk. The sequence that needs it can go no further; others go on. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
