package dev.kvasir.model.tokenizer;

/**
 * Tokens to text, one token at a time. A character whose bytes are spread over several tokens appears with the last of
 * them. One decoder is for one text and one thread.
 */
public final class StreamingDecoder {

    private final Tokenizer tokenizer;
    private final DecodeOptions options;

    StreamingDecoder(Tokenizer tokenizer, DecodeOptions options) {
        this.tokenizer = tokenizer;
        this.options = options;
    }

    /** The text that is complete with this token; often empty in the midst of a character. */
    public String next(int id) {
        throw new UnsupportedOperationException(options + " of " + tokenizer.size() + " tokens for " + id);
    }

    /** What was held back and will not be completed: U+FFFD for a broken character, else empty. */
    public String end() {
        return "";
    }
}
