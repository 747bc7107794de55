package dev.kvasir.model.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * The letters of bytes in byte-level vocabularies. Printable Latin-1 characters are their own letters. The other 68
 * bytes have, in order, the letters from U+0100 on, so a space is Ġ.
 */
final class ByteLetters {

    private static final char[] LETTERS = new char[256];
    private static final short[] BYTES = new short[256 + 68];

    static {
        java.util.Arrays.fill(BYTES, (short) -1);
        int others = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= 0x21 && b <= 0x7E || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            LETTERS[b] = (char) (printable ? b : 256 + others++);
            BYTES[LETTERS[b]] = (short) b;
        }
    }

    private ByteLetters() {}

    /** The letter of a byte (0 to 255). */
    static char letter(int unsignedByte) {
        return LETTERS[unsignedByte];
    }

    /** The byte of a letter, or -1. */
    static int unsignedByte(char letter) {
        return letter < BYTES.length ? BYTES[letter] : -1;
    }

    /** The bytes of a token's letters. Other characters are encoded as UTF-8. */
    static byte[] decode(String letters) {
        var bytes = new java.io.ByteArrayOutputStream(letters.length());
        letters.codePoints().forEach(c -> {
            int b = c < BYTES.length ? BYTES[c] : -1;
            if (b >= 0) {
                bytes.write(b);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
