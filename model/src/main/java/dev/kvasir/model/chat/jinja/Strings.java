package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Python's ways to cut texts. */
final class Strings {

    private Strings() {}

    /** Whether a character is white space, as in Python's {@code str.isspace}. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /** Whether {@code str.splitlines} ends a line at a character. */
    private static boolean isLineEnd(int c) {
        return c >= '\n' && c <= '\r' || c >= 0x1C && c <= 0x1E || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** Removes these characters from the requested ends; white space for {@link None}. */
    static Text strip(Text text, Object characters, boolean left, boolean right) {
        IntPredicate strips = Strings::isSpace;
        if (characters != None.NONE) {
            var set = Values.text(characters);
            strips = c -> contains(set, c);
        }
        int from = 0;
        int to = text.length();
        while (left && from < to && strips.test(text.at(from))) {
            from++;
        }
        while (right && to > from && strips.test(text.at(to - 1))) {
            to--;
        }
        return text.slice(from, to);
    }

    private static boolean contains(Text set, int c) {
        for (int i = 0; i < set.length(); i++) {
            if (set.at(i) == c) {
                return true;
            }
        }
        return false;
    }

    /** Splits at white space, at most {@code most} times from the left; a negative number means no limit. */
    static List<Object> splitAtSpace(Text text, long most) {
        var pieces = new ArrayList<Object>();
        int at = 0;
        while (true) {
            while (at < text.length() && isSpace(text.at(at))) {
                at++;
            }
            if (at == text.length()) {
                return pieces;
            }
            if (most >= 0 && pieces.size() >= most) {
                pieces.add(text.slice(at, text.length()));
                return pieces;
            }
            int end = at;
            while (end < text.length() && !isSpace(text.at(end))) {
                end++;
            }
            pieces.add(text.slice(at, end));
            at = end;
        }
    }

    /** As {@link #splitAtSpace}, but from the right. */
    static List<Object> splitAtSpaceFromRight(Text text, long most) {
        var pieces = new ArrayList<Object>();
        int end = text.length();
        while (true) {
            while (end > 0 && isSpace(text.at(end - 1))) {
                end--;
            }
            if (end == 0) {
                break;
            }
            if (most >= 0 && pieces.size() >= most) {
                pieces.add(text.slice(0, end));
                break;
            }
            int at = end;
            while (at > 0 && !isSpace(text.at(at - 1))) {
                at--;
            }
            pieces.add(text.slice(at, end));
            end = at;
        }
        return new ArrayList<>(pieces.reversed());
    }

    /** Splits at separators, at most {@code most} times from the left; a negative number means no limit. */
    static List<Object> split(Text text, Text separator, long most) {
        var pieces = new ArrayList<Object>();
        int at = 0;
        while (most < 0 || pieces.size() < most) {
            int end = text.indexOf(separator, at);
            if (end < 0) {
                break;
            }
            pieces.add(text.slice(at, end));
            at = end + separator.length();
        }
        pieces.add(text.slice(at, text.length()));
        return pieces;
    }

    /** As {@link #split}, but from the right. */
    static List<Object> splitFromRight(Text text, Text separator, long most) {
        var pieces = new ArrayList<Object>();
        int end = text.length();
        while (most < 0 || pieces.size() < most) {
            int at = text.lastIndexOf(separator, 0, end);
            if (at < 0) {
                break;
            }
            pieces.add(text.slice(at + separator.length(), end));
            end = at;
        }
        pieces.add(text.slice(0, end));
        return new ArrayList<>(pieces.reversed());
    }

    /** The lines of a text, with their ends if requested. */
    static List<Object> lines(Text text, boolean keepEnds) {
        var lines = new ArrayList<Object>();
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && !isLineEnd(text.at(end))) {
                end++;
            }
            int next = end;
            if (end < text.length()) {
                boolean crlf = text.at(end) == '\r' && end + 1 < text.length() && text.at(end + 1) == '\n';
                next = end + (crlf ? 2 : 1);
            }
            lines.add(text.slice(at, keepEnds ? next : end));
            at = next;
        }
        return lines;
    }

    /** Counts the occurrences of a text, without overlap. */
    static long count(Text text, Text wanted, int from, int to) {
        if (wanted.isEmpty()) {
            return to - from + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(wanted, from, to); at >= 0; at = text.indexOf(wanted, at + wanted.length(), to)) {
            count++;
        }
        return count;
    }

    /** Replaces the first {@code most} occurrences; a negative number means all. */
    static Text replace(Text text, Text old, Text by, long most, RenderLimits limits) {
        var result = new TextBuilder(limits);
        int at = 0;
        for (long done = 0; most < 0 || done < most; done++) {
            int next = text.indexOf(old, at);
            if (next < 0) {
                break;
            }
            result.add(text, at, next).add(by);
            at = next + old.length();
            if (old.isEmpty()) {
                if (at == text.length()) {
                    return result.text();
                }
                result.addMarked(text.marked(at));
                at++;
            }
        }
        return result.add(text, at, text.length()).text();
    }

    /** The items of a list as one text, with a separator between them. */
    static Text join(List<?> items, Text separator, RenderLimits limits) {
        var joined = new TextBuilder(limits);
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                joined.add(separator);
            }
            joined.add(ValueText.text(items.get(i), limits));
        }
        return joined.text();
    }

    /** Widens a text to {@code width} characters; {@code left} is what fits before it. */
    static Text pad(Text text, long width, long left, Text fill, RenderLimits limits) {
        if (fill.length() != 1) {
            throw new JinjaException("the fill character must be exactly one character long");
        }
        long all = Math.max(0, width - text.length());
        return new TextBuilder(limits).repeat(fill, left).add(text).repeat(fill, all - left).text();
    }
}
