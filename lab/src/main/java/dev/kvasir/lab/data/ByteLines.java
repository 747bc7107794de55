package dev.kvasir.lab.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file as bytes, without LF or CRLF at their ends and without a byte-order mark of UTF-8 at the start. */
public final class ByteLines implements Closeable {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private boolean isFirst = true;

    private ByteLines(InputStream in) {
        this.in = in;
    }

    static ByteLines open(Path file) throws IOException {
        return of(Files.newInputStream(file));
    }

    /** The lines of a stream. It is read no further than the system gives at once, so a line may be typed after another. */
    public static ByteLines of(InputStream in) {
        return new ByteLines(new BufferedInputStream(in, 1 << 16));
    }

    /** The next line; null at the end of the file. */
    public byte @Nullable [] next() throws IOException {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = in.read();
        }
        byte[] bytes = line.toByteArray();
        if (isFirst && bytes.length >= MARK.length && Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
            bytes = Arrays.copyOfRange(bytes, MARK.length, bytes.length);
        }
        isFirst = false;
        boolean hasReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return hasReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    /** Whether a line has nothing but white space. */
    static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b < 0 || b > ' ') {
                return false;
            }
        }
        return true;
    }

    /** @throws CharacterCodingException if the line is not UTF-8 */
    static String text(byte[] line) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(line))
                .toString();
    }

    /** The sentence for a line that is not UTF-8, with its first wrong byte. */
    static String notUtf8(byte[] line) {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        CoderResult result = StandardCharsets.UTF_8.newDecoder()
                .decode(bytes, CharBuffer.allocate(line.length + 1), true);
        int at = result.isError() ? bytes.position() : 0;
        return "is not UTF-8 text: its byte %d is %02X; save the file as UTF-8".formatted(at + 1, line[at] & 0xFF);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
