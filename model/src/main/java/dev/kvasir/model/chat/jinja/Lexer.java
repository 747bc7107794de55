package dev.kvasir.model.chat.jinja;

import dev.kvasir.model.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Splits a template into text and the tokens of its tags. White space is treated as in other tools for chat templates:
 * a newline after a block tag or comment and the indentation before it are dropped. {@code -} drops all white space on
 * its side, {@code +} none.
 */
final class Lexer {

    private static final Pattern NEWLINE = Pattern.compile("\r\n|\r");
    private static final Pattern RAW = Pattern.compile("(?U)\\{%[-+]?\\s*raw\\s*(-%\\}\\s*|%\\})");
    private static final Pattern END_RAW = Pattern.compile("(?U)\\{%([-+]?)\\s*endraw\\s*(\\+%\\}|-%\\}\\s*|%\\}\n?)");
    private static final Pattern FLOAT = Pattern.compile("(?i)(?:[0-9]+_)*[0-9]+"
            + "(?:(?:\\.(?:[0-9]+_)*[0-9]+)?e[+-]?(?:[0-9]+_)*[0-9]+|\\.(?:[0-9]+_)*[0-9]+)");
    private static final Pattern INTEGER = Pattern
            .compile("(?i)0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[0-9a-f])+|[1-9](?:_?[0-9])*|0(?:_?0)*");
    private static final List<String> OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%",
            "~", "[", "]", "(", ")", "{", "}", "<", ">", "=", ".", ":", "|", ",");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int counted;
    /** Whether {@link #at} is at the start of a line, even if a tag dropped the newline before it. */
    private boolean lineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    /** The tokens of a template, {@link Kind#END} last. */
    static List<Token> tokens(String template) {
        var source = NEWLINE.matcher(template).replaceAll("\n");
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        var lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                text(source.substring(at));
                at = source.length();
                break;
            }
            char kind = source.charAt(tag + 1);
            var before = source.substring(at, tag);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            text(trimmed(before, kind, sign));
            at = tag;
            switch (kind) {
                case '#' -> comment();
                case '%' -> block(sign);
                default -> tag(Kind.OUTPUT_START, Kind.OUTPUT_END, "}}", sign);
            }
        }
        add(Kind.END, "");
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private String trimmed(String before, char kind, char sign) {
        if (sign == '-') {
            return Strings.strip(Text.of(before), None.NONE, false, true).toString();
        }
        int lineBegin = before.lastIndexOf('\n') + 1;
        boolean indents = kind != '{' && sign != '+' && (lineBegin > 0 || lineStart)
                && before.substring(lineBegin).codePoints().allMatch(Strings::isSpace);
        return indents ? before.substring(0, lineBegin) : before;
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            add(Kind.TEXT, text);
        }
    }

    private void comment() {
        int start = at + (at + 2 < source.length() && "-+".indexOf(source.charAt(at + 2)) >= 0 ? 3 : 2);
        int end = source.indexOf("#}", start);
        if (end < 0) {
            throw new JinjaException("a comment is not closed with '#}'", lineAt(at));
        }
        char sign = end > start ? source.charAt(end - 1) : ' ';
        closeTag(end + 2, sign, true);
    }

    private void block(char sign) {
        var raw = RAW.matcher(source).region(at, source.length());
        if (!raw.lookingAt()) {
            tag(Kind.BLOCK_START, Kind.BLOCK_END, "%}", sign);
            return;
        }
        var end = END_RAW.matcher(source);
        if (!end.find(raw.end())) {
            throw new JinjaException("a raw block is not closed with endraw", lineAt(at));
        }
        var text = source.substring(raw.end(), end.start());
        at = end.start();
        lineStart = false;
        text(trimmed(text, '%', end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0)));
        at = end.end();
        lineStart = source.charAt(at - 1) == '\n';
    }

    /** Moves past the end of a tag and the white space that it drops. */
    private void closeTag(int end, char sign, boolean trimsNewline) {
        at = end;
        if (sign == '-') {
            while (at < source.length() && Strings.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (sign != '+' && trimsNewline && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        lineStart = source.charAt(at - 1) == '\n';
    }

    private void tag(Kind start, Kind end, String closing, char sign) {
        add(start, "");
        int opened = lineAt(at);
        at += sign == '-' || sign == '+' ? 3 : 2;
        int depth = 0;
        while (true) {
            while (at < source.length() && Strings.isSpace(source.charAt(at))) {
                at++;
            }
            if (at >= source.length()) {
                throw new JinjaException("a tag is not closed with '" + closing + "'", opened);
            }
            if (depth == 0) {
                char first = source.charAt(at);
                int skip = first == '-' || first == '+' && end == Kind.BLOCK_END ? 1 : 0;
                if (source.startsWith(closing, at + skip)) {
                    add(end, "");
                    closeTag(at + skip + 2, skip == 1 ? first : ' ', end == Kind.BLOCK_END);
                    return;
                }
            }
            depth += token();
        }
    }

    /** Reads one token and returns the change in bracket nesting. */
    private int token() {
        char c = source.charAt(at);
        if (c == '"' || c == '\'') {
            string(c);
            return 0;
        }
        if (c >= '0' && c <= '9') {
            // In a.0.1 the numbers are subscripts, not a float.
            boolean subscript = at > 0 && source.charAt(at - 1) == '.';
            var number = FLOAT.matcher(source).region(at, source.length());
            boolean whole = subscript || !number.lookingAt();
            if (whole) {
                number.usePattern(INTEGER).lookingAt();
            }
            take(whole ? Kind.INTEGER : Kind.FLOAT, number.end() - at);
            return 0;
        }
        if (c == '_' || Character.isLetter(c)) {
            int end = at;
            while (end < source.length()
                    && (source.charAt(end) == '_' || Character.isLetterOrDigit(source.charAt(end)))) {
                end++;
            }
            take(Kind.NAME, end - at);
            return 0;
        }
        for (var operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                take(Kind.OPERATOR, operator.length());
                return "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
            }
        }
        throw new JinjaException("unexpected character '" + c + "'", lineAt(at));
    }

    private void take(Kind kind, int length) {
        add(kind, source.substring(at, at + length));
        at += length;
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new JinjaException("a string is not closed with " + quote, lineAt(at));
        }
        add(Kind.STRING, Escapes.replaced(source.substring(at + 1, end), lineAt(at)));
        at = end + 1;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, lineAt(at)));
    }

    /** The line of a position. Positions only grow, so each newline is counted once. */
    private int lineAt(int position) {
        for (; counted < position; counted++) {
            if (source.charAt(counted) == '\n') {
                line++;
            }
        }
        return line;
    }
}
