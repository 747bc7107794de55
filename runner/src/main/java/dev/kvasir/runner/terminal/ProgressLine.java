package dev.kvasir.runner.terminal;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * One line on a terminal that shows how far a command is and how long the rest will take. It leaves the terminal's modes
 * and signals alone.
 */
public final class ProgressLine implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000;
    private static final long FIRST_NANOS = 500_000_000; // what is done sooner needs no line
    private static final int WIDTH = 79; // characters: one less than the narrowest usual terminal

    private final PrintWriter err;
    private final boolean isShown;
    private long start; // nanoTime of the first call; 0 before it
    private long drawn; // nanoTime
    private int length; // characters of the line

    /**
     * A line that is empty yet.
     *
     * @param isShown false draws nothing, because nobody would see it
     */
    public ProgressLine(PrintWriter err, boolean isShown) {
        this.err = err;
        this.isShown = isShown;
    }

    /** Shows {@code done} of {@code total}, at most ten times a second, and not in the first half second. */
    public void show(long done, long total, String what) {
        long now = System.nanoTime();
        if (start == 0) {
            start = now;
            drawn = now + FIRST_NANOS - REDRAW_NANOS;
        }
        if (isShown && now - drawn >= REDRAW_NANOS) {
            drawn = now;
            draw(text(done, total, what, (now - start) / 1_000_000_000));
        }
    }

    /** The line without a terminal. */
    static String text(long done, long total, String what, long seconds) {
        String left = done == 0 ? "" : ", %s left".formatted(time(seconds * (total - done) / done));
        String line = String.format(Locale.ROOT, "%3d %%  %s%s  %s", total == 0 ? 100 : 100 * done / total,
                time(seconds),
                left, what);
        return line.length() > WIDTH ? line.substring(0, WIDTH) : line;
    }

    private static String time(long seconds) {
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private void draw(String text) {
        err.print("\r" + text + " ".repeat(Math.max(0, length - text.length())));
        err.flush();
        length = text.length();
    }

    /** Clears the line. A later call of {@link #show} begins a new one. */
    @Override
    public void close() {
        start = 0;
        if (length > 0) {
            err.print("\r" + " ".repeat(length) + "\r");
            err.flush();
            length = 0;
        }
    }
}
