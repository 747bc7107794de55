package dev.kvasir.model.chat.jinja;

import dev.kvasir.model.tokenizer.MarkedText;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A string of a template: Unicode code points, as in Python. Each one carries a mark that tells whether it comes from a
 * value (content) or from the template. The marks go wherever the characters go; they play no part in comparisons.
 * Immutable.
 */
final class Text implements Comparable<Text> {

    static final Text EMPTY = Text.of("");
    /** The bit of a character that comes from a value. */
    private static final int CONTENT = 1 << 30;
    private static final int POINT = CONTENT - 1;

    private final int[] points; // code point | CONTENT
    private final boolean markup;

    private Text(int[] points, boolean markup) {
        this.points = points;
        this.markup = markup;
    }

    /** Characters of the template. */
    static Text of(String text) {
        return new Text(text.codePoints().toArray(), false);
    }

    /** Characters of a value. */
    static Text content(String text) {
        return new Text(text.codePoints().map(c -> c | CONTENT).toArray(), false);
    }

    /** Characters with their marks, as {@link #marked(int)} gives them. */
    static Text ofMarked(int[] points, int length) {
        return new Text(Arrays.copyOf(points, length), false);
    }

    /** A character, with the mark of another one. */
    static int markAs(int point, int marked) {
        return point | marked & CONTENT;
    }

    int length() {
        return points.length;
    }

    boolean isEmpty() {
        return points.length == 0;
    }

    /** The code point at a position. */
    int at(int index) {
        return points[index] & POINT;
    }

    /** The code point at a position, with its mark. */
    int marked(int index) {
        return points[index];
    }

    Text slice(int from, int to) {
        return from == 0 && to == points.length ? this : new Text(Arrays.copyOfRange(points, from, to), markup);
    }

    Text character(int index) {
        return slice(index, index + 1);
    }

    Text plus(Text more) {
        int[] joined = Arrays.copyOf(points, points.length + more.points.length);
        System.arraycopy(more.points, 0, joined, points.length, more.points.length);
        return new Text(joined, markup);
    }

    /** Whether this is HTML ({@code |safe}): what is added to it is escaped. */
    boolean isMarkup() {
        return markup;
    }

    Text asMarkup() {
        return markup ? this : new Text(points, true);
    }

    Text plain() {
        return markup ? new Text(points, false) : this;
    }

    boolean startsAt(Text part, int index) {
        if (index < 0 || index + part.length() > points.length) {
            return false;
        }
        for (int i = 0; i < part.length(); i++) {
            if (at(index + i) != part.at(i)) {
                return false;
            }
        }
        return true;
    }

    boolean startsWith(Text prefix) {
        return startsAt(prefix, 0);
    }

    boolean endsWith(Text suffix) {
        return startsAt(suffix, points.length - suffix.length());
    }

    /** The first position of a part that lies between two positions; -1 if there is none. */
    int indexOf(Text part, int from, int to) {
        for (int i = from; i + part.length() <= to; i++) {
            if (startsAt(part, i)) {
                return i;
            }
        }
        return -1;
    }

    int indexOf(Text part, int from) {
        return indexOf(part, from, points.length);
    }

    boolean contains(Text part) {
        return indexOf(part, 0) >= 0;
    }

    /** The last position of a part that lies between two positions; -1 if there is none. */
    int lastIndexOf(Text part, int from, int to) {
        for (int i = to - part.length(); i >= from; i--) {
            if (startsAt(part, i)) {
                return i;
            }
        }
        return -1;
    }

    /** The text with the marks that a tokenizer needs. */
    MarkedText marked() {
        var text = new StringBuilder(points.length);
        var contents = new BitSet();
        for (int point : points) {
            int from = text.length();
            text.appendCodePoint(point & POINT);
            if ((point & CONTENT) != 0) {
                contents.set(from, text.length());
            }
        }
        return MarkedText.of(text.toString(), contents);
    }

    /** By code points, as Python orders strings. */
    @Override
    public int compareTo(Text other) {
        int common = Math.min(points.length, other.points.length);
        for (int i = 0; i < common; i++) {
            if (at(i) != other.at(i)) {
                return Integer.compare(at(i), other.at(i));
            }
        }
        return Integer.compare(points.length, other.points.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && points.length == text.points.length && startsAt(text, 0);
    }

    boolean is(String text) {
        return equals(Text.of(text));
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int point : points) {
            hash = 31 * hash + (point & POINT);
        }
        return hash;
    }

    /** The characters without their marks. */
    @Override
    public String toString() {
        var text = new StringBuilder(points.length);
        for (int point : points) {
            text.appendCodePoint(point & POINT);
        }
        return text.toString();
    }
}
