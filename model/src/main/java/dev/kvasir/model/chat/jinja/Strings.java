package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's string functions for Java strings. */
final class Strings {

    private Strings() {}

    /** Replaces the escapes of a string literal. Unknown escapes stay as they are. */
    static String unescape(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        var text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\' || i + 1 == raw.length()) {
                text.append(c);
                continue;
            }
            char escape = raw.charAt(++i);
            int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
            if (digits > 0) {
                int code = hex(raw, i + 1, digits);
                if (code >= 0) {
                    text.appendCodePoint(code);
                    i += digits;
                    continue;
                }
            }
            int plain = "ntr\\'\"abfv0\n".indexOf(escape);
            if (plain < 0) {
                text.append('\\').append(escape);
            } else if (escape != '\n') {
                text.append("\n\t\r\\'\"\u0007\b\f\u000B\0".charAt(plain));
            }
        }
        return text.toString();
    }

    private static int hex(String raw, int from, int digits) {
        if (from + digits > raw.length()) {
            return -1;
        }
        try {
            int code = Integer.parseUnsignedInt(raw, from, from + digits, 16);
            return Character.isValidCodePoint(code) ? code : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Removes these characters from the requested ends; white space if {@code characters} is empty. */
    static String strip(String text, String characters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && strips(text.charAt(from), characters)) {
            from++;
        }
        while (right && to > from && strips(text.charAt(to - 1), characters)) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean strips(char c, String characters) {
        return characters.isEmpty() ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    /** Whether a character is white space, as in Python's {@code str.isspace}. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /** Splits at white space, at most {@code most} times; a negative number means no limit. */
    static List<Object> splitAtSpace(String text, long most) {
        var pieces = new ArrayList<Object>();
        int at = 0;
        while (true) {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return pieces;
            }
            if (most >= 0 && pieces.size() >= most) {
                pieces.add(strip(text.substring(at), "", false, true));
                return pieces;
            }
            int end = at;
            while (end < text.length() && !isSpace(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(at, end));
            at = end;
        }
    }

    /** Splits at separators, at most {@code most} times from the left; a negative number means no limit. */
    static List<Object> split(String text, String separator, long most) {
        var pieces = new ArrayList<Object>();
        int at = 0;
        while (most < 0 || pieces.size() < most) {
            int end = text.indexOf(separator, at);
            if (end < 0) {
                break;
            }
            pieces.add(text.substring(at, end));
            at = end + separator.length();
        }
        pieces.add(text.substring(at));
        return pieces;
    }

    /** As {@link #split}, but from the right. */
    static List<Object> splitFromRight(String text, String separator, long most) {
        var pieces = new ArrayList<Object>();
        int end = text.length();
        while (most < 0 || pieces.size() < most) {
            int at = end - separator.length() < 0 ? -1 : text.lastIndexOf(separator, end - separator.length());
            if (at < 0) {
                break;
            }
            pieces.addFirst(text.substring(at + separator.length(), end));
            end = at;
        }
        pieces.addFirst(text.substring(0, end));
        return pieces;
    }

    /** Converts the first letter of each word to upper case and the others to lower case. */
    static String title(String text) {
        var result = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return result.toString();
    }

    /** Converts the first letter to upper case and the others to lower case. */
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(java.util.Locale.ROOT)
                + text.substring(first).toLowerCase(java.util.Locale.ROOT);
    }

    /** Counts the occurrences of a text, without overlap. */
    static long count(String text, String wanted) {
        if (wanted.isEmpty()) {
            return text.length() + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
            count++;
        }
        return count;
    }

    /** Replaces the first {@code most} occurrences; a negative number means all. */
    static String replace(String text, String old, String by, long most, RenderLimits limits) {
        long occurrences = count(text, old);
        long times = most < 0 ? occurrences : Math.min(most, occurrences);
        limits.text(text.length() + times * (by.length() - old.length()));
        if (times == occurrences) {
            return text.replace(old, by);
        }
        var result = new StringBuilder();
        int at = 0;
        for (long i = 0; i < times; i++) {
            int next = text.indexOf(old, at);
            result.append(text, at, next).append(by);
            at = next + old.length();
            if (old.isEmpty()) {
                result.append(text, at, Math.min(at + 1, text.length()));
                at = Math.min(at + 1, text.length());
            }
        }
        return result.append(text, at, text.length()).toString();
    }
}
