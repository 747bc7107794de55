package dev.kvasir.model.tokenizer;

/** The type of a token, with its number in {@code tokenizer.ggml.token_type}. */
public enum TokenType {
    /** Not defined by the file; number 0. */
    UNDEFINED,
    /** A piece of text; number 1. */
    NORMAL,
    /** Stands for text without a token; number 2. */
    UNKNOWN,
    /** Controls the model and is not text, such as the end of a turn; number 3. */
    CONTROL,
    /** A piece of text added after training, matched before all others; number 4. */
    USER_DEFINED,
    /** Reserved; number 5. */
    UNUSED,
    /** One byte, written {@code <0xNN>}; number 6. */
    BYTE;

    private static final TokenType[] ALL = values();

    /** The type of a number in a file; numbers out of range are {@link #UNDEFINED}. */
    static TokenType of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : UNDEFINED;
    }
}
