package dev.kvasir.runner.command;

import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.io.Reader;
import java.io.StreamTokenizer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Replaces {@code @file} by the words in the file: blanks and lines separate them, quotes keep them together, and # begins
 * a comment. Only an argument of its own is replaced. The value of an option is not, so that a prompt may begin with @;
 * neither is the text of {@code tokenize}.
 */
final class ArgumentFiles {
    private static final int MOST_NESTED = 10;
    /** Options without a value, after which an argument of its own may come. */
    private static final Set<String> SWITCHES = Set.of("-q", "--quiet", "-v", "--verbose", "-h", "--help", "-V",
            "--version", "--prefetch", "--print-kernel", "--machine", "--json", "--ids", "--no-bos", "--quick",
            "--resume", "--keep-going", "--untied", "--force", "--repack-cache");

    private ArgumentFiles() {}

    /** The arguments with the words of files in their places. */
    static String[] expanded(String... args) {
        var words = new ArrayList<String>();
        boolean isText = args.length > 0 && args[0].equals("tokenize");
        String before = "";
        for (String arg : args) {
            boolean isValue = before.startsWith("-") && !before.contains("=") && !SWITCHES.contains(before);
            if (isValue || isText || !arg.startsWith("@")) {
                words.add(arg);
            } else {
                add(arg, words, 0);
            }
            before = isValue ? "" : arg;
        }
        return words.toArray(String[]::new);
    }

    private static void add(String arg, List<String> words, int depth) {
        Path file = file(arg);
        if (file == null) {
            words.add(arg);
            return;
        }
        if (depth == MOST_NESTED) {
            throw new FailureException(
                    "%s is nested in %d files of arguments: does one of them name itself?".formatted(arg, depth));
        }
        for (String word : wordsIn(file)) {
            if (word.startsWith("@")) {
                add(word, words, depth + 1);
            } else {
                words.add(word);
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Path file(String arg) {
        try {
            Path file = Path.of(arg.substring(1));
            return Files.isReadable(file) && !Files.isDirectory(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static List<String> wordsIn(Path file) {
        var words = new ArrayList<String>();
        try (Reader reader = Files.newBufferedReader(file)) {
            var tokens = new StreamTokenizer(reader);
            tokens.resetSyntax();
            tokens.wordChars(' ' + 1, Character.MAX_VALUE);
            tokens.whitespaceChars(0, ' ');
            tokens.quoteChar('"');
            tokens.quoteChar('\'');
            tokens.commentChar('#');
            while (tokens.nextToken() != StreamTokenizer.TT_EOF) {
                words.add(tokens.sval);
            }
        } catch (IOException e) {
            throw new FailureException("the arguments in %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        return words;
    }
}
