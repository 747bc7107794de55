package dev.kvasir.model.chat.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions that every template can call. */
final class Globals {

    private Globals() {}

    /** Defines them in a scope. */
    static void define(Scope scope, Clock clock, RenderLimits limits) {
        scope.set("raise_exception", (Function) a -> {
            throw JinjaException.raised(ValueText.text(a.get(0, "message", ""), limits));
        });
        scope.set("strftime_now",
                (Function) a -> format(ZonedDateTime.now(clock), Values.text(a.required(0, "format"))));
        scope.set("range", (Function) a -> range(a, limits));
        scope.set("namespace", (Function) a -> {
            var namespace = new Namespace();
            namespace.fields().putAll(fields(a));
            return namespace;
        });
        scope.set("dict", (Function) a -> new LinkedHashMap<Object, Object>(fields(a)));
    }

    private static Map<String, Object> fields(CallArguments arguments) {
        var fields = new LinkedHashMap<String, Object>();
        if (!arguments.positional().isEmpty()) {
            if (!(arguments.positional().getFirst() instanceof Map<?, ?> map)) {
                throw new JinjaException("expected a dict, found " + Values.kind(arguments.positional().getFirst()));
            }
            map.forEach((key, value) -> fields.put(Values.text(key), value));
        }
        fields.putAll(arguments.named());
        return fields;
    }

    private static List<Object> range(CallArguments arguments, RenderLimits limits) {
        boolean one = arguments.positional().size() == 1;
        long from = one ? 0 : Values.integer(arguments.required(0, "start"));
        long to = Values.integer(arguments.required(one ? 0 : 1, "stop"));
        long step = arguments.integer(2, "step", 1);
        if (step == 0) {
            throw new JinjaException("a range cannot have a step of 0");
        }
        var numbers = new ArrayList<Object>();
        for (long at = from; step > 0 ? at < to : at > to; at += step) {
            if (numbers.size() == RenderLimits.LONGEST_RANGE) {
                throw new JinjaException("a range has more than " + RenderLimits.LONGEST_RANGE + " numbers");
            }
            numbers.add(at);
        }
        limits.list(numbers.size());
        return numbers;
    }

    private static String format(ZonedDateTime now, String format) {
        var text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char field = format.charAt(++i);
            boolean unpadded = field == '-' && i + 1 < format.length();
            if (unpadded) {
                field = format.charAt(++i);
            }
            var value = field(now, field);
            text.append(unpadded && value.length() > 1 && value.charAt(0) == '0' ? value.substring(1) : value);
        }
        return text.toString();
    }

    private static String field(ZonedDateTime now, char field) {
        var pattern = switch (field) {
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
            case 'F' -> "yyyy-MM-dd";
            case 'T' -> "HH:mm:ss";
            case 'z' -> "xx";
            case 'Z' -> "zzz";
            case '%' -> "'%'";
            default -> throw new JinjaException("the date field %" + field + " is not supported");
        };
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
    }
}
