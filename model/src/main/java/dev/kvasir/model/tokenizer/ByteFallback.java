package dev.kvasir.model.tokenizer;

import java.util.HexFormat;

/** The tokens of single bytes, for text without another token. */
final class ByteFallback {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final int[] ids = new int[256];
    private final String source;

    /**
     * Uses the token {@code <0xNN>} of each byte, or else the token of the character itself, or else the unknown token.
     */
    static ByteFallback named(Vocabulary vocabulary, SymbolTable symbols) {
        var fallback = new ByteFallback(vocabulary.source());
        for (int b = 0; b < 256; b++) {
            int id = symbols.token("<0x" + HEX.toHexDigits((byte) b) + ">");
            if (id < 0 && b < 128) {
                id = symbols.token(String.valueOf((char) b));
            }
            fallback.ids[b] = id < 0 ? vocabulary.special().unk() : id;
        }
        return fallback;
    }

    /** Uses the token of each byte's letter in a byte-level vocabulary, or else the unknown token. */
    static ByteFallback letters(Vocabulary vocabulary, SymbolTable symbols) {
        var fallback = new ByteFallback(vocabulary.source());
        for (int b = 0; b < 256; b++) {
            int id = symbols.token(String.valueOf(ByteLetters.letter(b)));
            fallback.ids[b] = id < 0 ? vocabulary.special().unk() : id;
        }
        return fallback;
    }

    private ByteFallback(String source) {
        this.source = source;
    }

    void append(int unsignedByte, IntList out) {
        int id = ids[unsignedByte];
        if (id < 0) {
            throw new IllegalArgumentException(source + ": the vocabulary has no token for byte 0x"
                    + HEX.toHexDigits((byte) unsignedByte) + " and no unknown token; convert the model again.");
        }
        out.add(id);
    }
}
