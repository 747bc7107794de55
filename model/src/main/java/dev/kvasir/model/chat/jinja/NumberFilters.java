package dev.kvasir.model.chat.jinja;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters for numbers. */
final class NumberFilters {

    private static final Pattern INTEGER = Pattern
            .compile("([+-]?)(0[xX]_?|0[oO]_?|0[bB]_?)?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)");
    private static final Pattern FLOAT = Pattern.compile(
            "[+-]?(?:(?:\\d+(?:_\\d+)*)?\\.?(?:\\d+(?:_\\d+)*)?(?:(?<=[\\d.])[eE][+-]?\\d+(?:_\\d+)*)?)");
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};

    private NumberFilters() {}

    static void addTo(Map<String, Filters.Filter> all) {
        all.put("int", (value, a, limits) -> toInteger(value, a.bind("int", 0, "default", "base")));
        all.put("float", (value, a, limits) -> {
            var b = a.bind("float", 0, "default");
            var number = toFloat(value);
            return number == null ? b.get(0, 0.0) : number;
        });
        all.put("abs", (value, a, limits) -> {
            a.bind("abs", 0);
            if (value instanceof Double d) {
                return Math.abs(d);
            }
            long whole = Values.integer(value);
            return whole < 0 ? Numbers.negated(whole) : whole;
        });
        all.put("round", (value, a, limits) -> round(value, a.bind("round", 0, "precision", "method")));
        all.put("sum", (value, a, limits) -> sum(value, a.bind("sum", 0, "attribute", "start"), limits));
        all.put("min",
                (value, a, limits) -> extreme(value, a.bind("min", 0, "case_sensitive", "attribute"), -1, limits));
        all.put("max",
                (value, a, limits) -> extreme(value, a.bind("max", 0, "case_sensitive", "attribute"), 1, limits));
        all.put("filesizeformat", (value, a, limits) -> fileSize(value, a.bind("filesizeformat", 0, "binary").flag(0)));
    }

    private static Object toInteger(Object value, CallArguments.Bound a) {
        return switch (value) {
            case Undefined undefined -> throw undefined.used();
            case Long _,Boolean _ -> Values.integer(value);
            case Double d -> Double.isNaN(d) || Double.isInfinite(d) ? a.get(0, 0L) : (Object) Numbers.whole(d);
            case Text text -> {
                var whole = parsed(text, a.integer(1, 10));
                if (whole != null) {
                    yield whole;
                }
                var number = toFloat(text);
                yield number == null || number.isNaN() || number.isInfinite()
                        ? a.get(0, 0L)
                        : (Object) Numbers.whole(number);
            }
            default -> a.get(0, 0L);
        };
    }

    /** Python's {@code int(text, base)}; null if the text is no integer. */
    private static @Nullable Long parsed(Text text, long base) {
        if (base != 0 && (base < 2 || base > 36)) {
            return null;
        }
        var parts = INTEGER.matcher(ascii(text));
        if (!parts.matches()) {
            return null;
        }
        var prefix = parts.group(2) == null ? "" : parts.group(2).toLowerCase(java.util.Locale.ROOT).substring(0, 2);
        int named = switch (prefix) {
            case "0x" -> 16;
            case "0o" -> 8;
            case "0b" -> 2;
            default -> 0;
        };
        var digits = parts.group(3).replace("_", "");
        int radix = base == 0 ? named == 0 ? 10 : named : (int) base;
        if (named != 0 && named != radix) {
            digits = prefix + digits; // 0b1 in base 16 is a number without prefix
        }
        if (base == 0 && named == 0 && digits.startsWith("0") && !digits.matches("0+")) {
            return null;
        }
        if (!digits.chars().allMatch(c -> Character.digit(c, radix) >= 0)) {
            return null;
        }
        try {
            return Long.parseLong(parts.group(1) + digits, radix);
        } catch (NumberFormatException e) {
            throw new JinjaException("the number " + digits + " does not fit 64 bits");
        }
    }

    /** Without white space around, and with the digits of other scripts as 0 to 9. */
    private static String ascii(Text text) {
        var digits = new StringBuilder();
        Strings.strip(text, None.NONE, true, true).toString().codePoints().forEach(c -> {
            if (c > 0x7F && Character.isDigit(c)) {
                digits.append(Character.digit(c, 10));
            } else {
                digits.appendCodePoint(c);
            }
        });
        return digits.toString();
    }

    /** Python's {@code float}; null if the value is no number. */
    static @Nullable Double toFloat(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (!(value instanceof Text text)) {
            return Values.isNumber(value) ? (Double) Values.number(value) : null;
        }
        var digits = ascii(text);
        var name = digits.toLowerCase(java.util.Locale.ROOT);
        if (name.matches("[+-]?(inf|infinity|nan)")) {
            double special = name.endsWith("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
            return name.startsWith("-") ? -special : special;
        }
        return FLOAT.matcher(digits).matches() && digits.matches(".*\\d.*") && !digits.matches("[+-]?[eE].*")
                ? (Double) Double.parseDouble(digits.replace("_", ""))
                : null;
    }

    private static Object round(Object value, CallArguments.Bound a) {
        var method = Values.text(a.get(1, Text.of("common"))).toString();
        long places = a.integer(0, 0);
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (method.equals("common")) {
            return Numbers.round(value, places);
        }
        if (!method.equals("ceil") && !method.equals("floor")) {
            throw new JinjaException("'round' rounds with the method 'common', 'ceil' or 'floor'");
        }
        Object scale = Numbers.arithmetic("**", 10L, places);
        double scaled = Values.number(Numbers.arithmetic("*", value, scale));
        double rounded = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
        return Numbers.arithmetic("/", Numbers.whole(rounded), scale);
    }

    private static Object sum(Object value, CallArguments.Bound a, RenderLimits limits) {
        Object total = a.get(1, 0L);
        if (total instanceof Text) {
            throw new JinjaException("'sum' cannot add strings: use join");
        }
        for (var items = Values.iterator(value, limits); items.hasNext();) {
            total = Operators.binary("+", total, Paths.get(items.next(), a.get(0), limits), limits);
        }
        return total;
    }

    private static Object extreme(Object value, CallArguments.Bound a, int sign, RenderLimits limits) {
        Object best = Undefined.of("the extreme of nothing");
        Object bestKey = best;
        for (var items = Values.iterator(value, limits); items.hasNext();) {
            var item = items.next();
            var key = ListFilters.folded(Paths.get(item, a.get(1), limits), a.flag(0), limits);
            if (bestKey == best && best instanceof Undefined || Values.compare(key, bestKey, limits) * sign > 0) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private static Text fileSize(Object value, boolean binary) {
        var number = toFloat(value);
        if (number == null) {
            throw new JinjaException("'filesizeformat' needs a number");
        }
        double base = binary ? 1024 : 1000;
        if (number == 1) {
            return Text.of("1 Byte");
        }
        if (number < base) {
            return Text.of(Numbers.whole(number) + " Bytes");
        }
        double unit = base;
        int index = -1;
        do {
            index++;
            unit *= base;
        } while (number >= unit && index < UNITS.length - 1);
        var name = binary ? UNITS[index].substring(0, 1).toUpperCase(java.util.Locale.ROOT) + "iB" : UNITS[index];
        return Text.of(FormatSpec.fixed(base * number / unit, 1, false) + " " + name);
    }
}
