package dev.kvasir.model.tokenizer;

/** Text to token ids and back, by the rules of one vocabulary. Immutable and safe to share between threads. */
public final class Tokenizer {

    private final Vocabulary vocabulary;

    private Tokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * The tokenizer of a vocabulary.
     *
     * @throws IllegalArgumentException for a model or a pre-tokenizer that is not supported; the message lists those that
     *         are
     */
    public static Tokenizer of(Vocabulary vocabulary) {
        return new Tokenizer(vocabulary);
    }

    /** The vocabulary this tokenizer was made from. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** How many tokens there are. */
    public int size() {
        return vocabulary.size();
    }

    /** The tokens of a whole prompt: {@link EncodeOptions#PROMPT}. */
    public int[] encode(String text) {
        return encode(text, EncodeOptions.PROMPT);
    }

    /** The tokens of a text. Unpaired surrogates count as U+FFFD. */
    public int[] encode(String text, EncodeOptions options) {
        throw new UnsupportedOperationException(options + " for " + text);
    }

    /** The text of tokens, control tokens left out: {@link DecodeOptions#TEXT}. */
    public String decode(int... ids) {
        return decode(ids, DecodeOptions.TEXT);
    }

    /** The text of tokens. Bytes that are not UTF-8 become U+FFFD. */
    public String decode(int[] ids, DecodeOptions options) {
        var decoder = decoder(options);
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.next(id));
        }
        return text.append(decoder.end()).toString();
    }

    /** A decoder that takes tokens one at a time, for text that is shown as it is written. */
    public StreamingDecoder decoder(DecodeOptions options) {
        return new StreamingDecoder(this, options);
    }

    /**
     * The UTF-8 bytes that a token stands for; they need not be whole characters.
     *
     * @throws IllegalArgumentException if there is no such token
     */
    public byte[] piece(int id) {
        throw new UnsupportedOperationException("token " + id);
    }

    /** Whether the token steers the model and is not text. */
    public boolean isControl(int id) {
        return vocabulary.types().get(id) == TokenType.CONTROL;
    }

    /** Whether the token ends what a model writes: the end of the sequence, of a turn or of a message. */
    public boolean isEndOfGeneration(int id) {
        return id == vocabulary.special().eos();
    }
}
