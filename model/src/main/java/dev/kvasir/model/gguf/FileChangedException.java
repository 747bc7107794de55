package dev.kvasir.model.gguf;

/** A file that was changed while it was mapped into memory. What has been read from it since may be wrong. */
public final class FileChangedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FileChangedException(String sentence) {
        super(sentence);
    }

    FileChangedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
