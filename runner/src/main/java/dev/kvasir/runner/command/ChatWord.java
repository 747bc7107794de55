package dev.kvasir.runner.command;

import dev.kvasir.lab.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A command that the user types in a conversation: one word that begins with a slash. */
enum ChatWord {
    /** Lists the commands. */
    HELP("lists these commands"),
    /** Forgets what was said. */
    CLEAR("forgets the conversation, except the system prompt"),
    /** Ends the conversation. */
    EXIT("ends the conversation, as Ctrl-D does"),
    /** Not a command, though it looks like one. */
    UNKNOWN("");

    private static final List<ChatWord> KNOWN = List.of(HELP, CLEAR, EXIT);

    private final String meaning;

    ChatWord(String meaning) {
        this.meaning = meaning;
    }

    /** The command in a line; empty if the line is text for the model. */
    static Optional<ChatWord> of(String line) {
        if (!line.matches("/\\w+\\s*")) {
            return Optional.empty();
        }
        return Optional
                .of(KNOWN.stream().filter(word -> word.typed().equals(line.strip())).findFirst().orElse(UNKNOWN));
    }

    /** The list of commands. */
    static String help() {
        var lines = new StringBuilder();
        for (ChatWord word : KNOWN) {
            lines.append("%-7s %s%n".formatted(word.typed(), word.meaning));
        }
        return lines.append("%-7s %s%n".formatted("Ctrl-C", "stops the answer"))
                .append("A word that begins with / is sent to the model if a blank stands before it.%n".formatted())
                .toString();
    }

    /** The sentence for a word that is no command. */
    static String unknown(String line) {
        String word = line.strip();
        String hint = Nearest.hint(word, Arrays.stream(values()).filter(KNOWN::contains).map(ChatWord::typed).toList());
        return "there is no command %s%s; /help lists them, and a blank before the word sends it to the model"
                .formatted(word, hint.isEmpty() ? "" : hint.replace("?", ""));
    }

    private String typed() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }
}
