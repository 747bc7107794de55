package dev.kvasir.lab.data;

import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The text in a file or a stream, in UTF-8. A byte-order mark at the start is dropped, and CRLF is one newline.
 *
 * @param text the text, with U+FFFD for bytes that are not UTF-8
 * @param problem the bytes that are not UTF-8, in words, if there are any
 */
public record PlainText(String text, Optional<String> problem) {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char REPLACEMENT = '\uFFFD';

    /**
     * Decodes bytes.
     *
     * @param source where they are from, for messages: {@code book.txt}
     * @throws FailureException if they begin with the byte-order mark of UTF-16 or UTF-32
     */
    public static PlainText of(byte[] bytes, String source) {
        checkMark(bytes, source);
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length); // UTF-8 has at least a byte for each char
        int wrong = 0;
        int first = 0;
        for (CoderResult result = utf8.decode(in, out, true); result.isError(); result = utf8.decode(in, out, true)) {
            first = wrong == 0 ? in.position() : first;
            wrong += result.length();
            in.position(in.position() + result.length());
            out.put(REPLACEMENT);
        }
        String text = out.flip().toString();
        if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        return new PlainText(text.replace("\r\n", "\n"),
                wrong == 0 ? Optional.empty() : Optional.of(problem(source, bytes, wrong, first)));
    }

    private static void checkMark(byte[] bytes, String source) {
        int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
        boolean isUtf32 = bytes.length >= 4 && bytes[0] == 0 && bytes[1] == 0 && (bytes[2] & 0xFF) == 0xFE
                && (bytes[3] & 0xFF) == 0xFF;
        if (mark == 0xFFFE || mark == 0xFEFF || isUtf32) {
            throw new FailureException("%s is text in %s: save it as UTF-8, or convert it with iconv".formatted(source,
                    isUtf32 || bytes.length >= 4 && mark == 0xFFFE && bytes[2] == 0 && bytes[3] == 0
                            ? "UTF-32"
                            : "UTF-16"));
        }
    }

    /** One sentence for the user on the bytes that are not UTF-8, if there are any. */
    public Optional<String> warning() {
        return problem
                .map(bytes -> bytes + "; U+FFFD stands in for each: save the text as UTF-8, or convert it with iconv");
    }

    private static String problem(String source, byte[] bytes, int wrong, int first) {
        return "%s has %s not UTF-8, the first (%02X) at offset %d"
                .formatted(source, wrong == 1 ? "1 byte that is" : "%d bytes that are".formatted(wrong),
                        bytes[first] & 0xFF, first);
    }

    /**
     * The text of a file that must be UTF-8, because results depend on it.
     *
     * @throws FailureException if it is not UTF-8
     */
    public static String strict(Path file) throws IOException {
        PlainText read = of(Files.readAllBytes(file), file.toString());
        if (read.problem.isPresent()) {
            throw new FailureException(read.problem.get() + "; save the text as UTF-8");
        }
        return read.text;
    }
}
