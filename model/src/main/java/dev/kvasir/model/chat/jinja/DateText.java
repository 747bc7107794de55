package dev.kvasir.model.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** A time as text, as Python's {@code datetime.strftime} writes it in the C locale. */
final class DateText {

    private DateText() {}

    static String format(LocalDateTime time, String format) {
        var text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            char flag = ' ';
            if (i + 1 < format.length() && "-_0^#".indexOf(format.charAt(i + 1)) >= 0) {
                flag = format.charAt(++i);
            }
            if (++i == format.length()) {
                throw new JinjaException("the date format '" + format + "' ends within a field");
            }
            text.append(flagged(field(time, format.charAt(i)), flag));
        }
        return text.toString();
    }

    private static String flagged(String value, char flag) {
        boolean digits = value.chars().allMatch(c -> c == ' ' || Character.isDigit(c));
        return switch (flag) {
            case '-' -> digits ? value.replaceFirst("^[0 ]+(?=.)", "") : value;
            case '_' ->
                digits ? " ".repeat(value.length() - flagged(value, '-').length()) + flagged(value, '-') : value;
            case '0' -> digits ? value.replace(' ', '0') : value;
            case '^' -> value.toUpperCase(Locale.ROOT);
            case '#' -> throw new JinjaException("the date flag '#' is not supported");
            default -> value;
        };
    }

    private static String field(LocalDateTime time, char field) {
        int sunday = time.getDayOfWeek().getValue() % 7;
        return switch (field) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'z', 'Z' -> ""; // the time has no zone
            case 'f' -> "%06d".formatted(time.getNano() / 1000);
            case 'w' -> Integer.toString(sunday);
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'U' -> "%02d".formatted((time.getDayOfYear() + 6 - sunday) / 7);
            case 'W' -> "%02d".formatted((time.getDayOfYear() + 6 - (sunday + 6) % 7) / 7);
            case 'V' -> "%02d".formatted(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> "%02d".formatted(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
            case 'C' -> "%02d".formatted(time.getYear() / 100);
            case 'e' -> "%2d".formatted(time.getDayOfMonth());
            case 'k' -> "%2d".formatted(time.getHour());
            case 'l' -> "%2d".formatted(time.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'P' -> field(time, 'p').toLowerCase(Locale.ROOT);
            case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
            case 'x', 'D' -> format(time, "%m/%d/%y");
            case 'X', 'T' -> format(time, "%H:%M:%S");
            case 'R' -> format(time, "%H:%M");
            case 'r' -> format(time, "%I:%M:%S %p");
            case 'F' -> format(time, "%Y-%m-%d");
            default -> DateTimeFormatter.ofPattern(pattern(field), Locale.ENGLISH).format(time);
        };
    }

    private static String pattern(char field) {
        return switch (field) {
            case 'Y' -> "yyyy";
            case 'y' -> "yy";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'j' -> "DDD";
            default -> throw new JinjaException("the date field %" + field + " is not supported");
        };
    }
}
