package dev.kvasir.model.chat.jinja;

import java.util.List;
import java.util.Map;

/** Converts values to text: as in {@code {{ }}}, as Python's {@code repr} inside lists, and as JSON. */
final class ValueText {

    private final StringBuilder out = new StringBuilder();
    private final RenderLimits limits;

    private ValueText(RenderLimits limits) {
        this.limits = limits;
    }

    /** The text of a value. A string is returned as it is; undefined gives an empty text. */
    static String text(Object value, RenderLimits limits) {
        return switch (value) {
            case String s -> s;
            case Undefined _ -> "";
            default -> {
                var text = new ValueText(limits);
                text.represent(value);
                yield text.out.toString();
            }
        };
    }

    /** JSON as from Python's {@code json.dumps(value, ensure_ascii=False)}. A negative indent gives a single line. */
    static String json(Object value, int indent, RenderLimits limits) {
        var text = new ValueText(limits);
        text.json(value, indent, 0);
        return text.out.toString();
    }

    private void put(String text) {
        limits.grow(out.length(), text.length());
        out.append(text);
    }

    private void represent(Object value) {
        limits.enter();
        switch (value) {
            case String s -> put(quoted(s));
            case Boolean b -> put(b ? "True" : "False");
            case Long l -> put(Long.toString(l));
            case Double d -> put(Values.show(d));
            case None _ -> put("None");
            case Undefined _ -> put("Undefined");
            case List<?> list -> {
                boolean round = list instanceof Tuple;
                put(round ? "(" : "[");
                String separator = "";
                for (var item : list) {
                    put(separator);
                    represent(item);
                    separator = ", ";
                }
                put(round ? list.size() == 1 ? ",)" : ")" : "]");
            }
            case Map<?, ?> map -> {
                put("{");
                String separator = "";
                for (var entry : map.entrySet()) {
                    put(separator);
                    represent(entry.getKey());
                    put(": ");
                    represent(entry.getValue());
                    separator = ", ";
                }
                put("}");
            }
            default -> throw new JinjaException("cannot show " + Values.kind(value));
        }
        limits.leave();
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        var quoted = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c == quote) {
                        quoted.append('\\').appendCodePoint(c);
                    } else if (c < 0x20 || c == 0x7F) {
                        quoted.append("\\x%02x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append(quote).toString();
    }

    private void json(Object value, int indent, int depth) {
        limits.enter();
        switch (value) {
            case String s -> put(jsonString(s));
            case Boolean b -> put(b ? "true" : "false");
            case Long l -> put(Long.toString(l));
            case Double d -> put(jsonNumber(d));
            case None _ -> put("null");
            case List<?> list -> {
                put("[");
                boolean first = true;
                for (var item : list) {
                    separate(first, indent, depth + 1);
                    json(item, indent, depth + 1);
                    first = false;
                }
                close(first, indent, depth, "]");
            }
            case Map<?, ?> map -> {
                put("{");
                boolean first = true;
                for (var entry : map.entrySet()) {
                    separate(first, indent, depth + 1);
                    put(jsonString(entry.getKey() instanceof String s ? s : text(entry.getKey(), limits)));
                    put(": ");
                    json(entry.getValue(), indent, depth + 1);
                    first = false;
                }
                close(first, indent, depth, "}");
            }
            default -> throw new JinjaException(Values.kind(value) + " has no JSON form");
        }
        limits.leave();
    }

    private void separate(boolean first, int indent, int depth) {
        if (indent >= 0) {
            put(first ? "\n" : ",\n");
            put(" ".repeat(indent * depth));
        } else if (!first) {
            put(", ");
        }
    }

    private void close(boolean empty, int indent, int depth, String bracket) {
        if (indent >= 0 && !empty) {
            put("\n" + " ".repeat(indent * depth));
        }
        put(bracket);
    }

    private static String jsonNumber(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : Values.show(value);
    }

    private static String jsonString(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> {
                    if (c < 0x20) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
