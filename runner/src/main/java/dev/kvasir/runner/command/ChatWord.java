package dev.kvasir.runner.command;

import dev.kvasir.lab.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A command that the user types in a conversation: a word that begins with a slash, for some with a file behind it. */
enum ChatWord {
    /** Lists the commands. */
    HELP("lists these commands"),
    /** Forgets what was said. */
    CLEAR("forgets the conversation, except the system prompt"),
    /** Writes the conversation to a file. */
    SAVE("writes the conversation to a file; without FILE to that of --session", true),
    /** Goes on with a conversation from a file. */
    LOAD("goes on with the conversation of a file", true),
    /** Ends the conversation. */
    EXIT("ends the conversation, as Ctrl-D does"),
    /** Not a command, though it looks like one. */
    UNKNOWN("");

    private static final List<ChatWord> KNOWN = List.of(HELP, CLEAR, SAVE, LOAD, EXIT);

    private final String meaning;
    private final boolean takesFile;

    ChatWord(String meaning) {
        this(meaning, false);
    }

    ChatWord(String meaning, boolean takesFile) {
        this.meaning = meaning;
        this.takesFile = takesFile;
    }

    /** The command in a line; empty if the line is text for the model. */
    static Optional<ChatWord> of(String line) {
        Optional<ChatWord> withFile = KNOWN.stream()
                .filter(word -> word.takesFile && line.startsWith(word.typed() + " "))
                .findFirst();
        if (withFile.isPresent() || !line.matches("/\\w+\\s*")) {
            return withFile;
        }
        return Optional
                .of(KNOWN.stream().filter(word -> word.typed().equals(line.strip())).findFirst().orElse(UNKNOWN));
    }

    /** The file behind the command; empty if there is none. */
    static String file(String line) {
        int blank = line.indexOf(' ');
        return blank < 0 ? "" : line.substring(blank).strip();
    }

    /** The list of commands. */
    static String help() {
        var lines = new StringBuilder();
        for (ChatWord word : KNOWN) {
            lines.append("%-12s %s%n".formatted(word.typed() + (word.takesFile ? " FILE" : ""), word.meaning));
        }
        return lines.append("%-12s %s%n".formatted("Ctrl-C", "stops the answer"))
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

    /** How it is typed. */
    String typed() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }
}
