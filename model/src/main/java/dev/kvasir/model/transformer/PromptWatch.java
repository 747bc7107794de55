package dev.kvasir.model.transformer;

/** Receives the progress while a prompt is read. */
@FunctionalInterface
public interface PromptWatch {
    /** Ignores the progress. */
    PromptWatch NONE = (done, total) -> {};

    /**
     * Called several times for each layer and chunk of a prompt, or for each token of a text that is read token by token.
     * It may throw an exception to end the reading; the session can then only be closed.
     *
     * @param done parts read so far, in tokens times layers
     * @param total parts of the whole text
     */
    void read(long done, long total);

    /** This watch and then another. */
    default PromptWatch and(PromptWatch other) {
        return (done, total) -> {
            read(done, total);
            other.read(done, total);
        };
    }
}
