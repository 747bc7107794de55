package dev.kvasir.runner.command;

import dev.kvasir.lab.data.PlainText;
import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Replaces {@code @FILE} by the words in the file, where an option may stand. The value of an option and a text stay as
 * typed, also if they begin with {@code @}. In a file, white space separates words, quotes keep it, and {@code #} begins
 * a comment.
 */
final class ArgumentFiles {
    private static final String TEXT = "TEXT"; // label of words that are a text
    private static final String END_OF_OPTIONS = "--";

    private ArgumentFiles() {}

    /** The words, with those of a file in the place of the first one, so that the command is known. */
    static List<String> first(List<String> typed) {
        Deque<String> words = new ArrayDeque<>(typed);
        Set<String> read = new HashSet<>();
        while (!words.isEmpty() && replaced(words.peek(), words, read)) {
            continue;
        }
        return List.copyOf(words);
    }

    /** The words of a command line of {@code root}, with those of all files. */
    static List<String> all(List<String> typed, CommandSpec root) {
        List<String> all = new ArrayList<>();
        Deque<String> words = new ArrayDeque<>(typed);
        Set<String> read = new HashSet<>();
        CommandSpec command = root;
        while (!words.isEmpty()) {
            String word = words.peek();
            if (!takesText(command) && replaced(word, words, read)) {
                continue;
            }
            all.add(words.remove());
            if (word.equals(END_OF_OPTIONS)) {
                all.addAll(words);
                break;
            }
            if (takesNext(command, word) && !words.isEmpty()) {
                all.add(words.remove());
            }
            CommandLine sub = command.subcommands().get(word);
            command = sub == null ? command : sub.getCommandSpec();
        }
        return all;
    }

    private static boolean takesText(CommandSpec command) {
        return command.positionalParameters().stream().anyMatch(words -> words.paramLabel().equals(TEXT));
    }

    /** Whether {@code word} is an option whose value is the next word: {@code --prompt}, {@code -p}, {@code -qp}. */
    private static boolean takesNext(CommandSpec command, String word) {
        OptionSpec option = command.optionsMap().get(word);
        if (option != null) {
            return option.arity().min() > 0;
        }
        if (!word.matches("-[A-Za-z]{2,}")) {
            return false;
        }
        for (int i = 1; i < word.length(); i++) {
            OptionSpec letter = command.optionsMap().get("-" + word.charAt(i));
            if (letter == null || letter.arity().min() > 0) {
                return letter != null && i == word.length() - 1;
            }
        }
        return false;
    }

    /** Puts the words of the file that {@code word} names in its place, if it names one that can be read. */
    private static boolean replaced(String word, Deque<String> words, Set<String> read) {
        if (word.length() < 2 || word.charAt(0) != '@' || !read.add(word)) {
            return false;
        }
        Optional<String> text = text(word.substring(1));
        text.ifPresent(found -> {
            words.remove();
            List<String> inFile = words(found);
            inFile.reversed().forEach(words::push);
        });
        return text.isPresent();
    }

    private static Optional<String> text(String name) {
        try {
            return Optional.of(PlainText.strict(Path.of(name)));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // the word stays, and the parser tells the user of it
        }
    }

    private static List<String> words(String text) {
        var tokens = new StreamTokenizer(new StringReader(text));
        tokens.resetSyntax();
        tokens.wordChars(' ', 255);
        tokens.whitespaceChars(0, ' ');
        tokens.quoteChar('"');
        tokens.quoteChar('\'');
        tokens.commentChar('#');
        List<String> words = new ArrayList<>();
        try {
            while (tokens.nextToken() != StreamTokenizer.TT_EOF) {
                words.add(tokens.sval);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory can always be read", e);
        }
        return words;
    }
}
