package dev.kvasir.model.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * Python's format specification, {@code [[fill]align][sign][#][0][width][grouping][.precision][type]}.
 *
 * @param precision digits or characters; -1 if not given
 * @param type the conversion; a blank if not given
 */
record FormatSpec(Text fill, char align, char sign, boolean alternate, long width, String grouping, int precision,
        char type) {

    private static final Pattern SYNTAX = Pattern.compile(
            "(?s)(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([bcdeEfFgGnosxX%])?");
    private static final Text BLANK = Text.of(" ");

    static FormatSpec parse(Text spec) {
        var parts = SYNTAX.matcher(spec.toString());
        if (!parts.matches()) {
            throw new JinjaException("the format specification '" + spec + "' is not supported");
        }
        boolean zero = parts.group(5) != null;
        var fill = parts.group(1) != null ? spec.character(0) : zero ? Text.of("0") : BLANK;
        char align = parts.group(2) != null ? parts.group(2).charAt(0) : zero ? '=' : ' ';
        return new FormatSpec(fill, align, first(parts.group(3), '-'), parts.group(4) != null,
                parts.group(6) == null ? 0 : Long.parseLong(parts.group(6)),
                parts.group(7) == null ? "" : parts.group(7),
                parts.group(8) == null ? -1 : Integer.parseInt(parts.group(8)), first(parts.group(9), ' '));
    }

    private static char first(@org.jspecify.annotations.Nullable String group, char otherwise) {
        return group == null ? otherwise : group.charAt(0);
    }

    /** Formats a value, as Python's {@code format(value, spec)}. */
    static Text format(Object value, Text spec, RenderLimits limits) {
        if (spec.isEmpty()) {
            return ValueText.text(value, limits);
        }
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        var parsed = parse(spec);
        return switch (value) {
            case Text text -> parsed.text(text, limits);
            case Long l -> parsed.number(l, limits);
            case Boolean b -> parsed.number(b ? 1L : 0L, limits);
            case Double d -> parsed.number(d, limits);
            default ->
                throw new JinjaException("a format specification for " + Values.kind(value) + " is not supported");
        };
    }

    private Text text(Text text, RenderLimits limits) {
        if (type != ' ' && type != 's' || align == '=' || sign != '-' || alternate || !grouping.isEmpty()) {
            throw new JinjaException("the format specification does not suit a string");
        }
        var cut = precision >= 0 && precision < text.length() ? text.slice(0, precision) : text;
        return aligned(cut.plain(), '<', limits);
    }

    private Text aligned(Text text, char otherwise, RenderLimits limits) {
        long room = Math.max(0, width - text.length());
        char side = align == ' ' ? otherwise : align;
        long left = side == '<' ? 0 : side == '^' ? room / 2 : room;
        return Strings.pad(text, width, left, fill, limits);
    }

    private Text number(Object value, RenderLimits limits) {
        limits.text(Math.max(width, precision));
        boolean integer = value instanceof Long && "bcdnoxX ".indexOf(type) >= 0;
        if (type == 's' || type == 'n' || value instanceof Double && "bcdoxX".indexOf(type) >= 0
                || integer && precision >= 0) {
            throw new JinjaException("the format specification does not suit " + Values.kind(value));
        }
        if (type == 'c') {
            return aligned(Text.of(Character.toString((int) Values.integer(value))), '<', limits);
        }
        var digits = integer ? whole(Values.integer(value)) : decimal(Values.number(value));
        boolean negative = digits.startsWith("-");
        var bare = negative ? digits.substring(1) : digits;
        var prefix = (negative ? "-" : sign == '-' ? "" : String.valueOf(sign))
                + (alternate && "boxX".indexOf(type) >= 0 && integer ? "0" + type : "");
        bare = grouped(bare, integer && "boxX".indexOf(type) >= 0 ? 4 : 3);
        if (align != '=') {
            return aligned(Text.of(prefix + bare), '>', limits);
        }
        if (!grouping.isEmpty() && fill.is("0")) {
            throw new JinjaException("a format specification with leading zeros and groups is not supported");
        }
        long room = Math.max(0, width - prefix.length() - bare.length());
        return new TextBuilder(limits).add(prefix).repeat(fill, room).add(bare).text();
    }

    private String whole(long value) {
        return switch (type) {
            case 'b' -> Long.toString(value, 2);
            case 'o' -> Long.toString(value, 8);
            case 'x' -> Long.toString(value, 16);
            case 'X' -> Long.toString(value, 16).toUpperCase(java.util.Locale.ROOT);
            default -> Long.toString(value);
        };
    }

    private String grouped(String digits, int size) {
        if (grouping.isEmpty()) {
            return digits;
        }
        int end = 0;
        while (end < digits.length() && Character.digit(digits.charAt(end), 16) >= 0
                && (size == 4 || digits.charAt(end) <= '9')) {
            end++;
        }
        var grouped = new StringBuilder(digits);
        for (int at = end - size; at > 0; at -= size) {
            grouped.insert(at, grouping);
        }
        return grouped.toString();
    }

    private String decimal(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            var name = Numbers.show(value) + (type == '%' ? "%" : "");
            return Character.isUpperCase(type) ? name.toUpperCase(java.util.Locale.ROOT) : name;
        }
        if (type == ' ') {
            if (precision < 0) {
                return Numbers.show(value);
            }
            var text = general(value, Math.max(1, precision), alternate, 1);
            return text.contains(".") || text.contains("e") ? text : text + ".0";
        }
        int digits = precision < 0 ? 6 : precision;
        return switch (type) {
            case 'f', 'F' -> fixed(value, digits, alternate);
            case '%' -> fixed(value * 100, digits, alternate) + "%";
            case 'e' -> scientific(value, digits, alternate);
            case 'E' -> scientific(value, digits, alternate).toUpperCase(java.util.Locale.ROOT);
            case 'g' -> general(value, Math.max(1, digits), alternate, 0);
            default -> general(value, Math.max(1, digits), alternate, 0).toUpperCase(java.util.Locale.ROOT);
        };
    }

    private static String signed(double value, String text) {
        return 1 / value < 0 || value < 0 ? "-" + text : text;
    }

    static String fixed(double value, int digits, boolean point) {
        var text = new BigDecimal(value).abs().setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return signed(value, point && digits == 0 ? text + "." : text);
    }

    static String scientific(double value, int digits, boolean point) {
        var rounded = new BigDecimal(value).abs().round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        var unscaled = new StringBuilder(rounded.signum() == 0 ? "0" : rounded.unscaledValue().toString());
        int exponent = rounded.signum() == 0 ? 0 : unscaled.length() - 1 - rounded.scale();
        while (unscaled.length() <= digits) {
            unscaled.append('0');
        }
        unscaled.setLength(digits + 1);
        var mantissa = digits == 0
                ? unscaled + (point ? "." : "")
                : unscaled.charAt(0) + "." + unscaled.substring(1);
        return signed(value, mantissa + exponent(exponent));
    }

    private static String exponent(int exponent) {
        return "e%c%02d".formatted(exponent < 0 ? '-' : '+', Math.abs(exponent));
    }

    /** As few digits as are significant; {@code below} lowers the exponent from which an e is written. */
    static String general(double value, int digits, boolean zeros, int below) {
        var scientific = scientific(value, digits - 1, true);
        int e = scientific.indexOf('e');
        int exponent = Integer.parseInt(scientific.substring(e + 1));
        if (exponent < -4 || exponent >= digits - below) {
            return (zeros ? scientific.substring(0, e) : bare(scientific.substring(0, e))) + exponent(exponent);
        }
        var plain = fixed(value, Math.max(0, digits - 1 - exponent), true);
        return zeros ? plain : bare(plain);
    }

    private static String bare(String digits) {
        int end = digits.length();
        while (digits.contains(".") && digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
