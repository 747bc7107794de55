package dev.kvasir.model.chat.jinja;

/** The escapes of string literals, as in Python. */
final class Escapes {

    private static final String PLAIN = "ntr\\'\"abfv";
    private static final String MEANT = "\n\t\r\\'\"\u0007\b\f\u000B";

    private Escapes() {}

    /** Replaces the escapes. Unknown escapes stay as they are; a number that is cut off is an error. */
    static String replaced(String raw, int line) {
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
                text.appendCodePoint(hex(raw, i + 1, digits, line));
                i += digits;
            } else if (escape == 'N') {
                int end = raw.indexOf('}', i);
                text.appendCodePoint(named(raw, i + 1, end, line));
                i = end;
            } else if (escape >= '0' && escape <= '7') {
                int end = i + 1;
                while (end < raw.length() && end < i + 3 && raw.charAt(end) >= '0' && raw.charAt(end) <= '7') {
                    end++;
                }
                text.appendCodePoint(Integer.parseInt(raw, i, end, 8));
                i = end - 1;
            } else if (escape != '\n') {
                int plain = PLAIN.indexOf(escape);
                text.append(plain < 0 ? "\\" + escape : MEANT.substring(plain, plain + 1));
            }
        }
        return text.toString();
    }

    private static int hex(String raw, int from, int digits, int line) {
        boolean complete = from + digits <= raw.length()
                && raw.substring(from, from + digits).chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
        int code = complete ? Integer.parseUnsignedInt(raw, from, from + digits, 16) : -1;
        if (!Character.isValidCodePoint(code)) {
            throw new JinjaException("a string has an escape '\\" + raw.charAt(from - 1) + "' without its " + digits
                    + " digits", line);
        }
        return code;
    }

    private static int named(String raw, int from, int end, int line) {
        try {
            if (from < end && raw.charAt(from) == '{') {
                return Character.codePointOf(raw.substring(from + 1, end));
            }
        } catch (IllegalArgumentException e) {
            // no character has this name: told below
        }
        throw new JinjaException("a string has an escape '\\N' without the name of a character", line);
    }
}
