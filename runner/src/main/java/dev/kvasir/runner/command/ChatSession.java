package dev.kvasir.runner.command;

import dev.kvasir.model.Chat;
import dev.kvasir.model.ChatOptions;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.OpenModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a conversation is saved: the file of {@code --session}, and the files of {@code /save} and {@code /load}. */
final class ChatSession {
    private final Optional<Path> file; // of --session
    private final PrintWriter err;
    private final boolean isQuiet;
    private boolean isSaved;

    ChatSession(Optional<Path> file, PrintWriter err, boolean isQuiet) {
        this.file = file;
        this.err = err;
        this.isQuiet = isQuiet;
    }

    /**
     * Opens the conversation: that of the file, if it is there. Otherwise saves an empty one, so that what cannot be saved
     * is refused before anybody has talked.
     */
    Chat open(OpenModel model, ChatOptions options) throws IOException {
        if (file.isEmpty()) {
            return model.chat(options);
        }
        Path path = file.get();
        if (Files.exists(path)) {
            Chat chat = model.restoreChat(path, options);
            tell("restored", chat, "from", path);
            return chat;
        }
        Chat chat = model.chat(options);
        try {
            chat.save(path);
            return chat;
        } catch (Throwable e) {
            chat.close();
            throw e;
        }
    }

    /** Saves the conversation at its end, once, if there is a file for it. */
    synchronized void end(Chat chat) throws IOException {
        if (file.isPresent() && !isSaved) {
            isSaved = true;
            chat.save(file.get());
            tell("saved", chat, "to", file.get());
        }
    }

    /**
     * Sees to it that the conversation is saved if a signal ends the process while it waits for the user.
     *
     * @return to be closed when the conversation has ended
     */
    Interruptible onExit(Chat chat) {
        Thread save = new Thread(() -> {
            try {
                end(chat);
            } catch (IOException | RuntimeException e) {
                err.println(Sentences.of(e));
            }
            err.flush();
        }, "save-session");
        if (file.isPresent()) {
            Runtime.getRuntime().addShutdownHook(save);
        }
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(save);
            } catch (IllegalStateException e) {
                // The JVM is ending and runs it.
            }
        };
    }

    /** What ends with the conversation. */
    @FunctionalInterface
    interface Interruptible extends AutoCloseable {
        @Override
        void close();
    }

    /** Runs {@code /save} or {@code /load}; the conversation goes on if it fails. */
    void run(ChatWord word, String line, Chat chat) {
        try {
            Path target = target(word, ChatWord.file(line));
            if (word == ChatWord.SAVE) {
                chat.save(target);
                tell("saved", chat, "to", target);
            } else {
                chat.load(target);
                tell("restored", chat, "from", target);
            }
        } catch (IOException | RuntimeException e) {
            err.println(Sentences.of(e));
        }
    }

    private Path target(ChatWord word, String name) {
        if (name.isEmpty()) {
            return file.orElseThrow(() -> new FailureException(
                    "%s needs a file: type one behind it, or start with --session FILE".formatted(word.typed())));
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new FailureException("'%s' is no name of a file".formatted(name), e);
        }
    }

    private void tell(String done, Chat chat, String where, Path path) {
        if (!isQuiet) {
            err.printf("%s %d tokens and %d messages %s %s%n", done, chat.position(), chat.messages().size(), where,
                    path);
        }
        err.flush();
    }
}
