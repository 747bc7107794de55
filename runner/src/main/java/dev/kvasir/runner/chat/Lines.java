package dev.kvasir.runner.chat;

import dev.kvasir.lab.data.ByteLines;
import dev.kvasir.lab.data.PlainText;
import dev.kvasir.runner.terminal.ProcessContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** The source of the user's messages. */
public interface Lines extends AutoCloseable {

    /** The next line; empty when there are no more. */
    Optional<String> next() throws IOException;

    /** Calls {@code action} when the user interrupts an answer. */
    void onInterrupt(Runnable action);

    @Override
    void close() throws IOException;

    /**
     * A line editor on a terminal, plain lines otherwise.
     *
     * @param warnings receives a sentence for a line with bytes that are not UTF-8
     */
    static Lines of(ProcessContext process, Consumer<String> warnings) throws IOException {
        return process.stdinIsTerminal() && process.stdoutIsTerminal()
                ? new Edited(process.environment())
                : new Plain(process, warnings);
    }

    /** Lines from a file or a pipe. */
    final class Plain implements Lines {
        private final ByteLines lines;
        private final Consumer<String> warnings;
        private int number; // of the last line, from 1

        Plain(ProcessContext process, Consumer<String> warnings) {
            lines = ByteLines.of(process.stdin());
            this.warnings = warnings;
        }

        @Override
        public Optional<String> next() throws IOException {
            byte[] line = lines.next();
            if (line == null) {
                return Optional.empty();
            }
            number++;
            PlainText read = PlainText.of(line, "line %d of stdin".formatted(number));
            read.warning().ifPresent(warnings);
            return Optional.of(read.text());
        }

        @Override
        public void onInterrupt(Runnable action) {
            // a signal ends the whole command, see Interruption
        }

        @Override
        public void close() {
            // stdin stays open: it was not opened here
        }
    }

    /**
     * Lines typed on a terminal, with editing. Their history ends with the conversation, unless the environment variable
     * {@code KVASIR_HISTORY} names a file for it. Ctrl-C drops the line; at an empty line, the second one ends.
     */
    final class Edited implements Lines {
        private static final String HISTORY = "KVASIR_HISTORY";

        private final Terminal terminal;
        private final LineReader reader;

        Edited(Map<String, String> environment) throws IOException {
            terminal = TerminalBuilder.builder().system(true).ffm(true).jni(false).jansi(false).jna(false).build(); // no library is unpacked
            var builder = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
            String history = environment.getOrDefault(HISTORY, "");
            if (!history.isBlank()) {
                builder.variable(LineReader.HISTORY_FILE, Path.of(history));
            }
            reader = builder.build();
        }

        @Override
        public Optional<String> next() {
            boolean wasInterrupted = false;
            while (true) {
                try {
                    return Optional.of(reader.readLine("> "));
                } catch (UserInterruptException e) {
                    if (wasInterrupted) {
                        return Optional.empty();
                    }
                    if (e.getPartialLine().isBlank()) {
                        wasInterrupted = true;
                        terminal.writer().println("Ctrl-C again, Ctrl-D or /exit ends the conversation.");
                        terminal.flush();
                    }
                } catch (EndOfFileException e) {
                    return Optional.empty();
                }
            }
        }

        @Override
        public void onInterrupt(Runnable action) {
            terminal.handle(Signal.INT, signal -> action.run());
        }

        @Override
        public void close() throws IOException {
            reader.getHistory().save();
            terminal.close();
        }
    }
}
