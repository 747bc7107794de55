package dev.kvasir.launch;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments as the user typed them. A JVM decodes them in the encoding of the locale: under {@code LC_ALL=C}, each
 * byte of a letter such as ö is lost. On Linux the bytes are still in {@code /proc/self/cmdline}. A child JVM gets them
 * in system properties, in which only ASCII occurs.
 */
public final class TypedArguments {
    private static final String PROPERTY = "kvasir.arguments.";
    private static final int PIECE = 100_000; // Linux limits one argument to 128 KiB
    private static final char LOST = '\uFFFD';

    private TypedArguments() {}

    /** Whether this JVM decodes and encodes arguments and file names as UTF-8. */
    static boolean isUtf8() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        try {
            return Charset.forName(name).equals(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The arguments as they were typed.
     *
     * @param decoded the arguments as this JVM decoded them
     * @throws UnreadableArgumentException if one of them is not UTF-8 and this JVM lost a part of it
     */
    static List<String> of(List<String> decoded) {
        boolean suspicious = decoded.stream().anyMatch(arg -> isUtf8() ? arg.indexOf(LOST) >= 0 : !isAscii(arg));
        if (!suspicious) {
            return decoded;
        }
        List<byte[]> words = commandLine();
        if (words.size() < decoded.size()) {
            return decoded; // another system than Linux
        }
        List<String> typed = new ArrayList<>();
        for (int i = 0; i < decoded.size(); i++) {
            byte[] bytes = words.get(words.size() - decoded.size() + i);
            typed.add(text(bytes, decoded.get(i), i + 1));
        }
        return typed;
    }

    static String text(byte[] bytes, String decoded, int number) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            if (decoded.indexOf(LOST) < 0) {
                return decoded; // the locale has another encoding, and the text is in it
            }
            throw new UnreadableArgumentException(number, decoded);
        }
    }

    private static List<byte[]> commandLine() {
        List<byte[]> words = new ArrayList<>();
        try {
            byte[] all = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            int start = 0;
            for (int i = 0; i < all.length; i++) {
                if (all[i] == 0) {
                    words.add(java.util.Arrays.copyOfRange(all, start, i));
                    start = i + 1;
                }
            }
        } catch (IOException e) {
            words.clear();
        }
        return words;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** Whether a child JVM must get these arguments as {@link #properties}. */
    static boolean mustBeCoded(List<String> args) {
        return !isUtf8() && !args.stream().allMatch(TypedArguments::isAscii);
    }

    /** Options for a child JVM that hold the arguments. */
    static List<String> properties(List<String> args) {
        StringBuilder coded = new StringBuilder();
        for (String arg : args) {
            coded.append(URLEncoder.encode(arg, StandardCharsets.UTF_8)).append('&');
        }
        List<String> options = new ArrayList<>();
        for (int from = 0; from < coded.length(); from += PIECE) {
            options.add("-D" + PROPERTY + options.size() + "="
                    + coded.substring(from, Math.min(coded.length(), from + PIECE)));
        }
        return options;
    }

    /** The arguments of this JVM: those in its properties if the launcher put them there. */
    public static String[] received(String[] args) {
        StringBuilder coded = new StringBuilder();
        for (int i = 0; System.getProperty(PROPERTY + i) != null; i++) {
            coded.append(System.getProperty(PROPERTY + i));
        }
        if (coded.length() == 0) {
            return args;
        }
        List<String> words = new ArrayList<>();
        for (String word : coded.substring(0, coded.length() - 1).split("&", -1)) {
            words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
        }
        return words.toArray(new String[0]);
    }
}
