package dev.kvasir.kvcache.plan;

/** Device or host memory is too small for what was asked: the message names the sizes and what to lower. */
public final class KvMemoryException extends RuntimeException {
    public KvMemoryException(String message) {
        super(message);
    }
}
