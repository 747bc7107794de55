package dev.kvasir.model.gguf;

/** Is told how far the writing of a file has come. */
@FunctionalInterface
public interface WriteProgress {
    /** Tells nobody. */
    WriteProgress NONE = (tensor, bytes, totalBytes) -> {};

    /** Called from time to time: {@code tensor} is being written, {@code bytes} of {@code totalBytes} of the file are done. */
    void written(String tensor, long bytes, long totalBytes);
}
