package dev.kvasir.model.tokenizer;

import java.util.BitSet;

/**
 * A text that knows which of its characters are contents: words of a user, of a tool, of a model. The name of a control
 * token is that token only where no character of it is content; in contents it stays letters. Immutable.
 */
public final class MarkedText {

    private final String text;
    private final BitSet contents; // by char

    private MarkedText(String text, BitSet contents) {
        this.text = text;
        this.contents = contents;
    }

    /** A text whose chars at the set bits are contents. */
    public static MarkedText of(String text, BitSet contents) {
        return new MarkedText(text, (BitSet) contents.clone());
    }

    /** A text that is content as a whole: no control token is recognised in it. */
    public static MarkedText content(String text) {
        var contents = new BitSet(text.length());
        contents.set(0, text.length());
        return new MarkedText(text, contents);
    }

    /** A text without contents: control tokens are recognised everywhere. */
    public static MarkedText template(String text) {
        return new MarkedText(text, new BitSet());
    }

    /** The characters without their marks. */
    public String text() {
        return text;
    }

    /** Whether any char from {@code start} to {@code end} is content. */
    public boolean hasContent(int start, int end) {
        return nextContent(start) < end;
    }

    /** The first char from {@code start} on that is content; the length of the text if there is none. */
    int nextContent(int start) {
        int next = contents.nextSetBit(start);
        return next < 0 ? text.length() : next;
    }

    /**
     * The part from one char to another.
     *
     * @throws IndexOutOfBoundsException if the text has no such part
     */
    public MarkedText part(int start, int end) {
        return new MarkedText(text.substring(start, end), contents.get(start, end));
    }

    /** This text and then another one. */
    public MarkedText plus(MarkedText more) {
        var all = (BitSet) contents.clone();
        more.contents.stream().forEach(at -> all.set(text.length() + at));
        return new MarkedText(text + more.text, all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MarkedText that && text.equals(that.text) && contents.equals(that.contents);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
