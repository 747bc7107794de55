package dev.kvasir.model.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Python's {@code format % values}. */
final class PercentFormat {

    private final Text format;
    private final Object given;
    private final RenderLimits limits;
    private final TextBuilder out;
    private final Iterator<?> values;
    private final boolean single;
    private int at;
    private boolean named;

    private PercentFormat(Text format, Object given, RenderLimits limits) {
        this.format = format;
        this.given = given;
        this.limits = limits;
        out = new TextBuilder(limits);
        single = !(given instanceof Tuple);
        values = given instanceof Tuple tuple ? tuple.items().iterator() : List.of(given).iterator();
    }

    static Text format(Text format, Object values, RenderLimits limits) {
        if (format.isMarkup()) {
            throw new JinjaException("formatting a safe string with % is not supported");
        }
        return new PercentFormat(format, values, limits).run();
    }

    private Text run() {
        while (at < format.length()) {
            if (format.at(at) == '%') {
                at++;
                field();
            } else {
                out.addMarked(format.marked(at++));
            }
        }
        boolean spare = single && (given instanceof Dict || given instanceof List<?> || given instanceof Range);
        if (values.hasNext() && !named && !spare) {
            throw new JinjaException("not all values were used by the format");
        }
        return out.text();
    }

    private int next() {
        if (at >= format.length()) {
            throw new JinjaException("the format ends within a %");
        }
        return format.at(at++);
    }

    private void field() {
        Object value = None.NONE;
        boolean hasName = at < format.length() && format.at(at) == '(';
        if (hasName) {
            value = named();
        }
        boolean left = false;
        boolean zero = false;
        boolean alternate = false;
        String sign = "";
        int c = next();
        for (; "-+ 0#".indexOf(c) >= 0; c = next()) {
            left |= c == '-';
            zero |= c == '0';
            alternate |= c == '#';
            sign = c == '+' ? "+" : c == ' ' && sign.isEmpty() ? " " : sign;
        }
        long width = 0;
        if (c == '*') {
            width = Values.integer(value());
            left |= width < 0;
            width = Math.abs(width);
            c = next();
        }
        for (; c >= '0' && c <= '9'; c = next()) {
            width = Math.min(10 * width + c - '0', Integer.MAX_VALUE);
        }
        int precision = -1;
        if (c == '.') {
            precision = 0;
            c = next();
            if (c == '*') {
                precision = (int) Math.clamp(Values.integer(value()), 0, RenderLimits.LONGEST_TEXT);
                c = next();
            }
            for (; c >= '0' && c <= '9'; c = next()) {
                precision = (int) Math.min(10L * precision + c - '0', RenderLimits.LONGEST_TEXT);
            }
        }
        while (c == 'h' || c == 'l' || c == 'L') {
            c = next();
        }
        if (c == '%') {
            out.addMarked(format.marked(at - 1));
            return;
        }
        limits.check(precision, width);
        var text = text((char) c, hasName ? value : value(), precision, alternate);
        boolean number = "csra".indexOf(c) < 0;
        if (number && !text.startsWith(Text.of("-"))) {
            text = Text.of(sign).plus(text);
        }
        long room = Math.max(0, width - text.length());
        if (number && zero && !left) {
            int signs = !text.isEmpty() && "+- ".indexOf(text.at(0)) >= 0 ? 1 : 0;
            signs += text.length() > signs + 1 && "xXo".indexOf(text.at(signs + 1)) >= 0 && alternate ? 2 : 0;
            out.add(text, 0, signs).repeat(Text.of("0"), room).add(text, signs, text.length());
        } else {
            out.repeat(Text.of(" "), left ? 0 : room).add(text).repeat(Text.of(" "), left ? room : 0);
        }
    }

    private Object named() {
        int start = ++at;
        for (int depth = 1; depth > 0;) {
            int c = next();
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        named = true;
        var name = format.slice(start, at - 1);
        var value = Values.dict(given).get(name);
        if (value == null) {
            throw new JinjaException("the format needs a value '" + name + "'");
        }
        return value;
    }

    private Object value() {
        if (!values.hasNext()) {
            throw new JinjaException("the format needs more values than were given");
        }
        return values.next();
    }

    private Text text(char type, Object value, int precision, boolean alternate) {
        int digits = precision < 0 ? 6 : precision;
        return switch (type) {
            case 's' -> cut(ValueText.text(value, limits), precision);
            case 'r' -> cut(ValueText.represented(value, limits), precision);
            case 'c' -> value instanceof Text text && text.length() == 1
                    ? text
                    : Text.of(Character.toString((int) Values.integer(value)));
            case 'd', 'i', 'u' ->
                whole(value instanceof Double d ? Numbers.whole(d) : Values.integer(value), 10, precision, "");
            case 'x', 'X' -> upper(type, whole(Values.integer(value), 16, precision, alternate ? "0x" : ""));
            case 'o' -> whole(Values.integer(value), 8, precision, alternate ? "0o" : "");
            case 'f', 'F' -> floating(type, value, FormatSpec::fixed, digits, alternate);
            case 'e', 'E' -> floating(type, value, FormatSpec::scientific, digits, alternate);
            case 'g', 'G' -> floating(type, value, (v, d, z) -> FormatSpec.general(v, Math.max(1, d), z, 0), digits,
                    alternate);
            default -> throw new JinjaException("the format %" + type + " is not supported");
        };
    }

    private interface Notation {
        String of(double value, int digits, boolean alternate);
    }

    private static Text floating(char type, Object value, Notation notation, int digits, boolean alternate) {
        double number = Values.number(value);
        boolean finite = !Double.isNaN(number) && !Double.isInfinite(number);
        return upper(type, Text.of(finite ? notation.of(number, digits, alternate) : Numbers.show(number)));
    }

    private static Text upper(char type, Text text) {
        return Character.isUpperCase(type) ? Text.of(text.toString().toUpperCase(Locale.ROOT)) : text;
    }

    private static Text whole(long value, int radix, int precision, String prefix) {
        var digits = new StringBuilder(Long.toString(value, radix));
        boolean negative = value < 0;
        if (negative) {
            digits.deleteCharAt(0);
        }
        if (precision > digits.length()) {
            digits.insert(0, "0".repeat(precision - digits.length()));
        }
        return Text.of((negative ? "-" : "") + prefix + digits);
    }

    private static Text cut(Text text, int precision) {
        return precision >= 0 && precision < text.length() ? text.slice(0, precision) : text;
    }
}
