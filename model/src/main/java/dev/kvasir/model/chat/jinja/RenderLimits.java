package dev.kvasir.model.chat.jinja;

/**
 * The limits of one rendering. A hostile template ends with an error message, not with an endless loop or an
 * {@link OutOfMemoryError}. Statements, expressions, and generated characters and list items all count as work.
 */
final class RenderLimits {

    static final int LONGEST_TEXT = 16 << 20;
    static final int LONGEST_LIST = 1 << 20;
    static final int LONGEST_RANGE = 100_000;
    private static final long MOST_WORK = 1L << 27;
    /** The cost of a statement or an expression, in characters. */
    private static final int STEP = 16;
    private static final int DEEPEST = 400;

    private long work;
    private int depth;

    /** Counts work. */
    void spend(long units) {
        work += units;
        if (work > MOST_WORK) {
            throw new JinjaException("the template takes more than " + MOST_WORK / STEP + " steps");
        }
    }

    /** Counts one iteration of a loop. */
    void step() {
        spend(4 * STEP);
    }

    /** Counts a new text of {@code length} chars. */
    void text(long length) {
        grow(0, length);
    }

    /** Counts {@code more} characters that will be added to a text of {@code length}. */
    void grow(long length, long more) {
        check(length, more);
        spend(more);
    }

    /** Refuses a text that would be too long. */
    void check(long length, long more) {
        if (length + more > LONGEST_TEXT) {
            throw new JinjaException("the template makes a text of more than " + LONGEST_TEXT + " characters");
        }
    }

    /** Counts a new list. */
    void list(long size) {
        if (size > LONGEST_LIST) {
            throw new JinjaException("the template makes a list of more than " + LONGEST_LIST + " items");
        }
        spend(size);
    }

    /** Goes one level deeper into expressions, statements or values. */
    void enter() {
        spend(STEP);
        if (++depth > DEEPEST) {
            depth = 0;
            throw new JinjaException("the template is nested deeper than " + DEEPEST + " levels");
        }
    }

    void leave() {
        depth--;
    }
}
