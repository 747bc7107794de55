package dev.kvasir.model.chat.jinja;

import java.util.List;

/** Converts values to text, as Python's {@code str} and {@code repr}. */
final class ValueText {

    private final TextBuilder out;
    private final RenderLimits limits;

    private ValueText(RenderLimits limits) {
        this.limits = limits;
        out = new TextBuilder(limits);
    }

    /** The text of a value. A string is returned as it is; undefined gives an empty text. */
    static Text text(Object value, RenderLimits limits) {
        return switch (value) {
            case Text s -> s;
            case Undefined _ -> Text.EMPTY;
            default -> represented(value, limits);
        };
    }

    /** The text of a value inside a list: strings have quotes. */
    static Text represented(Object value, RenderLimits limits) {
        var text = new ValueText(limits);
        text.represent(value);
        return text.out.text();
    }

    private void represent(Object value) {
        limits.enter();
        switch (value) {
            case Text s -> {
                out.add(s.isMarkup() ? "Markup(" : "");
                quote(s);
                out.add(s.isMarkup() ? ")" : "");
            }
            case Boolean b -> out.add(b ? "True" : "False");
            case Long l -> out.add(Long.toString(l));
            case Double d -> out.add(Numbers.show(d));
            case None _ -> out.add("None");
            case Undefined _ -> out.add("Undefined");
            case Range range -> out.add(range.toString());
            case List<?> list -> items("[", list, "]");
            case Tuple tuple -> items("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
            case Dict dict -> entries(dict);
            case DictView view -> items("dict_" + view.kind().name().toLowerCase(java.util.Locale.ROOT) + "([",
                    view.items(), "])");
            case Namespace namespace -> {
                out.add("<Namespace ");
                entries(namespace.fields());
                out.add(">");
            }
            case Macro macro -> out.add("<Macro '" + macro.name() + "'>");
            case Loop loop -> out.add("<LoopContext " + loop.index() + "/" + loop.length() + ">");
            default -> throw new JinjaException(Values.kind(value) + " has no text: its text in Python is an address");
        }
        limits.leave();
    }

    private void items(String open, List<?> items, String close) {
        out.add(open);
        String separator = "";
        for (var item : items) {
            out.add(separator);
            represent(item);
            separator = ", ";
        }
        out.add(close);
    }

    private void entries(Dict dict) {
        out.add("{");
        String separator = "";
        for (var entry : dict.entries()) {
            out.add(separator);
            represent(entry.key());
            out.add(": ");
            represent(entry.value());
            separator = ", ";
        }
        out.add("}");
    }

    private void quote(Text text) {
        boolean single = text.indexOf(Text.of("'"), 0) >= 0;
        boolean isDouble = single && text.indexOf(Text.of("\""), 0) < 0;
        char quote = isDouble ? '"' : '\'';
        out.add(String.valueOf(quote));
        for (int i = 0; i < text.length(); i++) {
            int c = text.at(i);
            switch (c) {
                case '\\' -> out.add("\\\\");
                case '\n' -> out.add("\\n");
                case '\r' -> out.add("\\r");
                case '\t' -> out.add("\\t");
                default -> {
                    if (c == quote) {
                        out.add("\\").addMarked(text.marked(i));
                    } else if (isPrintable(c)) {
                        out.addMarked(text.marked(i));
                    } else {
                        out.addAs((c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c),
                                text.marked(i));
                    }
                }
            }
        }
        out.add(String.valueOf(quote));
    }

    /** Whether Python prints a character as it is, {@code str.isprintable}. */
    static boolean isPrintable(int c) {
        return c == ' ' || switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR ->
                false;
            default -> true;
        };
    }
}
