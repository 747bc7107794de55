package dev.kvasir.runner.command;

/** The width of progress bars. */
final class Bars {
    /**
     * Characters of a line. The library would otherwise open the terminal to measure it, and take Ctrl-C away from this
     * process.
     */
    static final int WIDTH = 79;

    private Bars() {}
}
