package dev.kvasir.runner.command;

import dev.kvasir.model.tokenizer.StreamingDecoder;
import dev.kvasir.runner.option.OutputFlags;
import java.io.PrintWriter;

/** The text on stdout: the prompt if it is echoed, then the continuation, token by token or all at the end. */
final class Answer {
    private final PrintWriter out;
    private final String prompt;
    private final OutputFlags flags;
    private final StreamingDecoder decoder;
    private final StringBuilder heldBack = new StringBuilder();

    Answer(PrintWriter out, String prompt, OutputFlags flags, StreamingDecoder decoder) {
        this.out = out;
        this.prompt = prompt;
        this.flags = flags;
        this.decoder = decoder;
    }

    void begin(String question) {
        if (flags.isEchoed()) {
            write(prompt);
            write(question);
        }
    }

    void add(int token) {
        write(decoder.next(token));
    }

    void end(boolean newline) {
        write(decoder.end());
        out.print(heldBack);
        if (newline) {
            out.println();
        }
        out.flush();
    }

    /** Whether the reader of stdout has gone, or the disk is full. */
    boolean isUnread() {
        return out.checkError();
    }

    private void write(String text) {
        if (flags.isStreamed()) {
            out.print(text);
            out.flush();
        } else {
            heldBack.append(text);
        }
    }
}
