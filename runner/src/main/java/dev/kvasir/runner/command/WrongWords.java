package dev.kvasir.runner.command;

import dev.kvasir.lab.Nearest;
import dev.kvasir.lab.SettingFlags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The sentence for a command line with words that are no commands, options or values. */
final class WrongWords {
    private WrongWords() {}

    /** The parser's sentence, or a better one, with the nearest right word if there is one. */
    static String sentence(ParameterException e, String... args) {
        CommandLine command = e.getCommandLine();
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            return unknown(command.getCommandSpec(), word);
        }
        return unknownCluster(e, args).map(word -> unknown(command.getCommandSpec(), word)).orElse(told(e));
    }

    private static String unknown(CommandSpec command, String word) {
        String hint = Nearest.hint(word, wordsOf(command));
        if (word.startsWith("-") && word.length() > 1) {
            return "there is no option %s%s".formatted(word, hint);
        }
        if (!command.subcommands().isEmpty()) {
            return "there is no command '%s'%s".formatted(word,
                    hint.isEmpty() ? ", only " + String.join(", ", command.subcommands().keySet()) : hint);
        }
        return "'%s' is one word too many: put text with blanks between quotes%s".formatted(word, hint);
    }

    /**
     * The word that the parser took for an option of one letter with its value, such as {@code -ngl} for {@code -n gl}:
     * letters only, and no option takes them as its value.
     */
    private static Optional<String> unknownCluster(ParameterException e, String... args) {
        if (!(e.getArgSpec() instanceof OptionSpec option)) {
            return Optional.empty();
        }
        List<String> names = List.of(option.names());
        return Arrays.stream(args)
                .filter(word -> word.matches("-[A-Za-z][A-Za-z-]+") && names.contains(word.substring(0, 2)))
                .findFirst();
    }

    private static String told(ParameterException e) {
        return SettingFlags.in(String.valueOf(e.getMessage()));
    }

    private static List<String> wordsOf(CommandSpec command) {
        List<String> words = new ArrayList<>(command.subcommands().keySet());
        command.options().forEach(option -> words.addAll(List.of(option.names())));
        return words;
    }
}
