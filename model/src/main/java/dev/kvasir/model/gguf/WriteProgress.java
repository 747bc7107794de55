package dev.kvasir.model.gguf;

/** Receives the progress of writing a file. */
@FunctionalInterface
public interface WriteProgress {
    /** Ignores the progress. */
    WriteProgress NONE = (tensor, bytes, totalBytes) -> {};

    /** Called from time to time: {@code tensor} is being written, {@code bytes} of {@code totalBytes} of the file are done. */
    void written(String tensor, long bytes, long totalBytes);
}
