package dev.kvasir.model.tokenizer;

import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Text to token ids and back, by the rules of one vocabulary. Immutable and safe to share between threads. */
public final class Tokenizer {

    private final Vocabulary vocabulary;
    private final TextEncoder encoder;
    private final TokenRoles roles;
    private final SpecialTokenSplitter specials;
    private final AtomicReferenceArray<byte[]> pieces; // by token id; filled when first requested

    private Tokenizer(Vocabulary vocabulary, SymbolTable symbols, TextEncoder encoder) {
        this.vocabulary = vocabulary;
        this.encoder = encoder;
        this.roles = new TokenRoles(vocabulary, symbols);
        this.specials = new SpecialTokenSplitter(vocabulary, roles);
        this.pieces = new AtomicReferenceArray<>(vocabulary.size());
    }

    /**
     * The tokenizer of a vocabulary.
     *
     * @throws IllegalArgumentException for a model or a pre-tokenizer that is not supported; the message lists the
     *             supported ones
     */
    public static Tokenizer of(Vocabulary vocabulary) {
        var symbols = new SymbolTable(vocabulary.tokens());
        return new Tokenizer(vocabulary, symbols, switch (vocabulary.model()) {
            case "llama" -> new SentencePieceEncoder(vocabulary, symbols);
            case "gpt2" -> new ByteLevelEncoder(vocabulary, symbols,
                    PreTokenizers.byName(vocabulary.preTokenizer(), vocabulary.source()));
            default -> throw new IllegalArgumentException(vocabulary.source() + ": the tokenizer '"
                    + vocabulary.model() + "' (tokenizer.ggml.model) is not supported; use a model with llama"
                    + " (SentencePiece) or gpt2 (byte-level BPE).");
        });
    }

    /**
     * The tokenizer of a model file, valid after the file is closed.
     *
     * @throws GgufException if a key is missing or of another type
     * @throws IllegalArgumentException for a model or a pre-tokenizer that is not supported
     */
    public static Tokenizer from(GgufFile file) throws GgufException {
        return of(Vocabulary.from(file));
    }

    /** The vocabulary this tokenizer was made from. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The number of tokens. */
    public int size() {
        return vocabulary.size();
    }

    /**
     * The tokens of a whole prompt, with those that begin and end a text: {@link EncodeOptions#PROMPT}. For more of a text
     * that has begun, use {@link #encodeMore}.
     */
    public int[] encode(String text) {
        return encode(text, EncodeOptions.PROMPT);
    }

    /** The tokens of more of a text that has begun, without a token that begins it again: {@link EncodeOptions#PLAIN}. */
    public int[] encodeMore(String text) {
        return encode(text, EncodeOptions.PLAIN);
    }

    /** The tokens of a text. Unpaired surrogates count as U+FFFD. */
    public int[] encode(String text, EncodeOptions options) {
        return encode(MarkedText.template(text), options);
    }

    /**
     * The tokens of a text with contents, in which control tokens are never recognised. Otherwise the marks change
     * nothing: merges run across them. Unpaired surrogates count as U+FFFD.
     */
    public int[] encode(MarkedText text, EncodeOptions options) {
        var whole = pairSurrogates(text.text());
        var out = new IntList();
        boolean edges = options.edges() == EncodeOptions.Edges.AS_MODEL;
        if (edges && vocabulary.addBos()) {
            out.add(vocabulary.special().bos());
        }
        boolean opening = options.edges() != EncodeOptions.Edges.CONTINUED;
        for (var fragment : specials.split(whole, text, options.controls())) {
            if (fragment.token() >= 0) {
                out.add(fragment.token());
                opening = true;
            } else {
                encoder.encode(whole.substring(fragment.start(), fragment.end()), opening, out);
                opening = false;
            }
        }
        if (edges && vocabulary.addEos()) {
            out.add(vocabulary.special().eos());
        }
        return out.toArray();
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

    /** A decoder that takes one token at a time, for text that is printed during generation. */
    public StreamingDecoder decoder(DecodeOptions options) {
        return new StreamingDecoder(this, options);
    }

    /**
     * The UTF-8 bytes of a token, which may be incomplete characters. A control token gives its name.
     *
     * @throws IllegalArgumentException if there is no such token
     */
    public byte[] piece(int id) {
        return rawPiece(id).clone();
    }

    /** {@link #piece} without the copy. */
    byte[] rawPiece(int id) {
        check(id);
        byte[] known = pieces.get(id);
        if (known != null) {
            return known;
        }
        byte[] piece = bytes(id);
        pieces.set(id, piece);
        return piece;
    }

    /** Whether the token controls the model and is not text. */
    public boolean isControl(int id) {
        check(id);
        return roles.isControl(id);
    }

    /** Whether the token ends a model's text: the end of the sequence, of a turn or of a message. */
    public boolean isEndOfGeneration(int id) {
        check(id);
        return roles.isEnd(id);
    }

    private void check(int id) {
        if (id < 0 || id >= pieces.length()) {
            throw new IllegalArgumentException("Token " + id + " is not in the vocabulary of " + vocabulary.source()
                    + ", which has tokens 0 to " + (pieces.length() - 1) + ".");
        }
    }

    private byte[] bytes(int id) {
        var text = vocabulary.tokens().get(id);
        return switch (roles.type(id)) {
            case CONTROL, UNKNOWN, USER_DEFINED -> text.getBytes(StandardCharsets.UTF_8);
            case NORMAL -> encoder instanceof SentencePieceEncoder
                    ? text.replace(SentencePieceEncoder.SPACE, ' ').getBytes(StandardCharsets.UTF_8)
                    : ByteLetters.decode(text);
            case BYTE -> namedByte(text);
            case UNDEFINED, UNUSED -> new byte[0];
        };
    }

    private static byte[] namedByte(String text) {
        var bytes = new ByteArrayOutputStream();
        if (text.matches("<0x[0-9A-Fa-f]{2}>")) {
            bytes.write(Integer.parseInt(text, 3, 5, 16));
        }
        return bytes.toByteArray();
    }

    private static String pairSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return replaceLoneSurrogates(text);
                }
                i++;
            }
        }
        return text;
    }

    private static String replaceLoneSurrogates(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return clean.toString();
    }
}
