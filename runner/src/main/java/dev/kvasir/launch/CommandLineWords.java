package dev.kvasir.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of a process as the user typed them. Java decodes arguments in the locale's encoding: under
 * {@code LC_ALL=C} each byte that is not ASCII becomes a question mark. Linux keeps the bytes, and they are UTF-8
 * nearly everywhere.
 */
public final class CommandLineWords {
    /** This process, as {@link #of} names it. */
    public static final String SELF = "self";

    private static final char UNKNOWN = '?';

    private CommandLineWords() {}

    /**
     * The last words of a process's command line, decoded as UTF-8.
     *
     * @param process the process's id, or {@link #SELF}
     * @param args these words as Java decoded them; returned if the system does not give the bytes
     * @throws NotUtf8Exception if a word is not UTF-8; the message is one sentence for the user
     */
    public static List<String> of(String process, List<String> args) throws NotUtf8Exception {
        if (args.stream().allMatch(CommandLineWords::isCertain)) {
            return args;
        }
        byte[] line;
        try {
            line = Files.readAllBytes(Path.of("/proc", process, "cmdline"));
        } catch (IOException e) {
            return args; // not Linux, or the process has ended
        }
        return restored(line, args);
    }

    /** Puts the last words of {@code line}, each with a zero byte after it, in the place of {@code args}. */
    static List<String> restored(byte[] line, List<String> args) throws NotUtf8Exception {
        List<byte[]> words = split(line);
        int first = words.size() - args.size();
        List<String> restored = new ArrayList<>();
        for (int i = 0; i < args.size() && first >= 0; i++) {
            byte[] bytes = words.get(first + i);
            String word = decoded(bytes, i + 1, args.get(i));
            if (isAscii(word) && !word.equals(args.get(i))) {
                return args; // these are other words
            }
            restored.add(word);
        }
        return first < 0 ? args : restored;
    }

    private static List<byte[]> split(byte[] line) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                words.add(java.util.Arrays.copyOfRange(line, start, i));
                start = i + 1;
            }
        }
        return words;
    }

    private static String decoded(byte[] bytes, int number, String shown) throws NotUtf8Exception {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new NotUtf8Exception(number, shown);
        }
    }

    private static boolean isCertain(String word) {
        return isAscii(word) && word.indexOf(UNKNOWN) < 0;
    }

    /** Whether every encoding keeps the word. */
    static boolean isAscii(String word) {
        return word.chars().allMatch(c -> c < 0x80);
    }
}
