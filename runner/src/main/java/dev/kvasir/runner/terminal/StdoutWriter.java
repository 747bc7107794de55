package dev.kvasir.runner.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Standard output in UTF-8. It knows whether its reader has gone, as {@code head} does after some lines. */
public final class StdoutWriter extends PrintWriter {
    private final Pipe pipe;

    /** A writer to the standard output of this process. */
    public StdoutWriter() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    /** A writer to a stream in place of standard output. */
    public StdoutWriter(OutputStream stream) {
        this(new Pipe(stream));
    }

    private StdoutWriter(Pipe pipe) {
        super(new OutputStreamWriter(pipe, StandardCharsets.UTF_8));
        this.pipe = pipe;
    }

    /** Whether writing failed because nobody reads any more. */
    public boolean readerIsGone() {
        return pipe.broken;
    }

    /** Remembers why writing failed; a {@code PrintWriter} only remembers that it did. */
    private static final class Pipe extends FilterOutputStream {
        private boolean broken;

        Pipe(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                broken = String.valueOf(e.getMessage()).contains("Broken pipe");
                throw e;
            }
        }
    }
}
