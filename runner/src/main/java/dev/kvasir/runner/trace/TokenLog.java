package dev.kvasir.runner.trace;

/** Receives the tokens of a text as they are known. */
@FunctionalInterface
public interface TokenLog {
    /** Receives nothing. */
    TokenLog NONE = (position, ids) -> {};

    /**
     * Tokens in a row; those of one call at position 0 are the prompt.
     *
     * @param position of the first; a later call may repeat positions
     */
    void tokens(int position, int... ids);
}
