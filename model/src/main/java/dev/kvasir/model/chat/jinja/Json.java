package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Writes values as Python's {@code json.dumps} does. */
final class Json {

    /**
     * How the text looks.
     *
     * @param ascii whether other characters than ASCII become escapes
     * @param lines whether each value has a line of its own
     * @param indent the white space of one level of such lines
     * @param comma between values
     * @param colon between a key and its value
     * @param sorted whether keys are put into order
     */
    record Style(boolean ascii, boolean lines, Text indent, Text comma, Text colon, boolean sorted) {}

    private final Style style;
    private final RenderLimits limits;
    private final TextBuilder out;

    private Json(Style style, RenderLimits limits) {
        this.style = style;
        this.limits = limits;
        out = new TextBuilder(limits);
    }

    static Text text(Object value, Style style, RenderLimits limits) {
        var json = new Json(style, limits);
        json.write(value, 0);
        return json.out.text();
    }

    /** The arguments of the filter {@code tojson}. */
    static Style style(CallArguments.Bound a) {
        var indent = a.get(1, None.NONE);
        boolean lines = indent != None.NONE;
        var step = indent instanceof Text text
                ? text
                : Text.of(lines ? " ".repeat((int) Math.clamp(Values.integer(indent), 0, 1000)) : "");
        var separators = a.get(2, None.NONE);
        if (separators == None.NONE) {
            return new Style(a.flag(0), lines, step, Text.of(lines ? "," : ", "), Text.of(": "), a.flag(3));
        }
        var pair = separators instanceof Tuple tuple
                ? tuple.items()
                : separators instanceof List<?> list ? list : List.of();
        if (pair.size() != 2) {
            throw new JinjaException("tojson needs two separators");
        }
        return new Style(a.flag(0), lines, step, Values.text(pair.get(0)), Values.text(pair.get(1)), a.flag(3));
    }

    private void write(Object value, int depth) {
        limits.enter();
        switch (value) {
            case Text s -> string(s);
            case Boolean b -> out.add(b ? "true" : "false");
            case Long l -> out.add(Long.toString(l));
            case Double d -> out.add(number(d));
            case None _ -> out.add("null");
            case List<?> list -> items(list, depth);
            case Tuple tuple -> items(tuple.items(), depth);
            case Dict dict -> entries(dict, depth);
            default -> throw new JinjaException(Values.kind(value) + " has no JSON form");
        }
        limits.leave();
    }

    private void items(List<?> items, int depth) {
        out.add("[");
        boolean first = true;
        for (var item : items) {
            separate(first, depth + 1);
            write(item, depth + 1);
            first = false;
        }
        close(first, depth, "]");
    }

    private void entries(Dict dict, int depth) {
        out.add("{");
        var entries = new ArrayList<>(dict.entries());
        if (style.sorted()) {
            entries.sort((a, b) -> Values.compare(a.key(), b.key(), limits));
        }
        boolean first = true;
        for (var entry : entries) {
            separate(first, depth + 1);
            key(entry.key());
            out.add(style.colon());
            write(entry.value(), depth + 1);
            first = false;
        }
        close(first, depth, "}");
    }

    private void key(Object key) {
        switch (key) {
            case Text s -> string(s);
            case Boolean b -> out.add(b ? "\"true\"" : "\"false\"");
            case Long l -> out.add("\"" + l + "\"");
            case Double d -> out.add("\"" + number(d) + "\"");
            case None _ -> out.add("\"null\"");
            default -> throw new JinjaException(Values.kind(key) + " cannot be a key in JSON");
        }
    }

    private void separate(boolean first, int depth) {
        if (!first) {
            out.add(style.comma());
        }
        if (style.lines()) {
            out.add("\n").repeat(style.indent(), depth);
        }
    }

    private void close(boolean empty, int depth, String bracket) {
        if (style.lines() && !empty) {
            out.add("\n").repeat(style.indent(), depth);
        }
        out.add(bracket);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : Numbers.show(value);
    }

    private void string(Text text) {
        out.add("\"");
        for (int i = 0; i < text.length(); i++) {
            int c = text.at(i);
            switch (c) {
                case '"', '\\' -> out.add("\\").addMarked(text.marked(i));
                case '\n' -> out.add("\\n");
                case '\r' -> out.add("\\r");
                case '\t' -> out.add("\\t");
                case '\b' -> out.add("\\b");
                case '\f' -> out.add("\\f");
                default -> {
                    if (c < 0x20 || style.ascii() && c > 0x7E) {
                        for (char unit : Character.toChars(c)) {
                            out.addAs("\\u%04x".formatted((int) unit), text.marked(i));
                        }
                    } else {
                        out.addMarked(text.marked(i));
                    }
                }
            }
        }
        out.add("\"");
    }
}
