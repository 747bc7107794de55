package dev.kvasir.model.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns tokens into text, one token at a time. A character whose bytes are in several tokens is returned with the last
 * of them. Use a decoder for one text and one thread only.
 */
public final class StreamingDecoder {

    private static final int LONGEST_CHARACTER = 4;

    private final Tokenizer tokenizer;
    private final boolean showControls;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final byte[] held = new byte[LONGEST_CHARACTER];
    private int heldBytes;
    private boolean stripSpace;

    StreamingDecoder(Tokenizer tokenizer, DecodeOptions options) {
        this.tokenizer = tokenizer;
        this.showControls = options.controls() == DecodeOptions.Controls.SHOWN;
        this.stripSpace = options.leadingSpace() == DecodeOptions.LeadingSpace.STRIPPED
                && tokenizer.vocabulary().addSpacePrefix();
    }

    /**
     * The text that this token completes; empty within a character.
     *
     * @throws IllegalArgumentException if there is no such token
     */
    public String next(int id) {
        byte[] piece = tokenizer.rawPiece(id);
        if (tokenizer.isControl(id)) {
            return showControls ? text(piece, 0, false) : "";
        }
        int from = stripSpace && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
        stripSpace = false;
        return text(piece, from, false);
    }

    /** The rest of the text: U+FFFD for an incomplete character, otherwise empty. */
    public String end() {
        return text(new byte[0], 0, true);
    }

    private String text(byte[] piece, int from, boolean last) {
        var in = ByteBuffer.allocate(heldBytes + piece.length - from);
        in.put(held, 0, heldBytes).put(piece, from, piece.length - from).flip();
        var out = CharBuffer.allocate(in.remaining() + 1);
        utf8.reset();
        utf8.decode(in, out, last);
        heldBytes = in.remaining();
        in.get(held, 0, heldBytes);
        return out.flip().toString();
    }
}
