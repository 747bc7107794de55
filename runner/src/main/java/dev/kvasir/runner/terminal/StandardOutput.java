package dev.kvasir.runner.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The stream for the answer. It knows whether its reader has gone, as {@code head} does when it has enough. */
public final class StandardOutput extends FilterOutputStream {
    private static final Path TARGET = Path.of("/proc/self/fd/1");

    private boolean isReaderGone;

    /** The stdout of this process. */
    public StandardOutput() {
        super(new FileOutputStream(FileDescriptor.out));
    }

    /** Whether a write failed because nobody reads the pipe any more. */
    public boolean isReaderGone() {
        return isReaderGone;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            isReaderGone |= isPipe() || String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
            throw e;
        }
    }

    /** Whether this is a pipe or a socket on Linux. Writing to one fails only if its reader has gone. */
    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(TARGET).toString().matches("(pipe|socket):.*");
        } catch (IOException e) {
            return false;
        }
    }
}
