package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters for texts. */
final class TextFilters {

    private static final int LEEWAY = 5; // characters that truncate lets pass

    private TextFilters() {}

    static void addTo(Map<String, Filters.Filter> all) {
        all.put("upper", method("upper"));
        all.put("lower", method("lower"));
        all.put("capitalize", method("capitalize"));
        all.put("trim", (value, a, limits) -> Strings.strip(Filters.textOf(value, limits),
                a.bind("trim", 0, "chars").get(0), true, true));
        all.put("title", (value, a, limits) -> {
            a.bind("title", 0);
            return title(Filters.textOf(value, limits), limits);
        });
        all.put("replace", (value, a, limits) -> {
            var b = a.bind("replace", 2, "old", "new", "count");
            long most = b.get(2) == None.NONE ? -1 : b.integer(2, -1);
            return Strings.replace(Filters.textOf(value, limits).plain(), Filters.textOf(b.get(0), limits),
                    Filters.textOf(b.get(1), limits), most, limits);
        });
        all.put("string", (value, a, limits) -> {
            a.bind("string", 0);
            return Filters.textOf(value, limits);
        });
        all.put("center", (value, a, limits) -> TextMethods.center(Filters.textOf(value, limits),
                a.bind("center", 0, "width").integer(0, 80), Text.of(" "), limits));
        all.put("format", (value, a, limits) -> format(Filters.textOf(value, limits), a, limits));
        all.put("indent", (value, a, limits) -> indent(Values.text(value),
                a.bind("indent", 0, "width", "first", "blank"), limits));
        all.put("truncate", (value, a, limits) -> truncate(value,
                a.bind("truncate", 0, "length", "killwords", "end", "leeway"), limits));
        all.put("wordcount", (value, a, limits) -> {
            a.bind("wordcount", 0);
            return wordCount(Filters.textOf(value, limits));
        });
        all.put("pprint", (value, a, limits) -> {
            a.bind("pprint", 0);
            return printed(value, limits);
        });
    }

    private static Filters.Filter method(String name) {
        return (value, a, limits) -> {
            a.bind(name, 0);
            return ((Function) Attributes.get(Filters.textOf(value, limits), name, limits)).call(CallArguments.NONE);
        };
    }

    /** Each part after a blank, a bracket or a hyphen begins in upper case. */
    private static Text title(Text text, RenderLimits limits) {
        var titled = new TextBuilder(limits);
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && !beginsWord(text.at(end))) {
                end++;
            }
            if (end > at) {
                titled.add(Letters.upper(text.character(at), limits))
                        .add(Letters.lower(text.slice(at + 1, end), limits));
            }
            while (end < text.length() && beginsWord(text.at(end))) {
                titled.addMarked(text.marked(end++));
            }
            at = end;
        }
        return titled.text();
    }

    private static boolean beginsWord(int c) {
        return Strings.isSpace(c) || "-({[<".indexOf(c) >= 0;
    }

    private static Text format(Text format, CallArguments a, RenderLimits limits) {
        if (!a.named().isEmpty() && !a.positional().isEmpty()) {
            throw new JinjaException("'format' takes values by position or by name, not both");
        }
        if (a.named().isEmpty()) {
            return PercentFormat.format(format, new Tuple(a.positional()), limits);
        }
        var named = new Dict();
        a.named().forEach((name, value) -> named.put(Text.of(name), value));
        return PercentFormat.format(format, named, limits);
    }

    private static Text indent(Text text, CallArguments.Bound a, RenderLimits limits) {
        var width = a.get(0, 4L);
        var margin = width instanceof Text given
                ? given
                : new TextBuilder(limits).repeat(Text.of(" "), Values.integer(width)).text();
        boolean blank = a.flag(2);
        var result = new TextBuilder(limits);
        var newline = Text.of("\n");
        boolean first = true;
        for (var line : Strings.lines(text.plus(newline), false)) {
            var content = (Text) line;
            if (!first) {
                result.add(newline);
            }
            if (first ? a.flag(1) : blank || !content.isEmpty()) {
                result.add(margin);
            }
            result.add(content);
            first = false;
        }
        return text.isMarkup() ? result.text().asMarkup() : result.text();
    }

    private static Object truncate(Object value, CallArguments.Bound a, RenderLimits limits) {
        long length = a.integer(0, 255);
        var end = Values.text(a.get(2, Text.of("...")));
        long leeway = a.get(3) == None.NONE ? LEEWAY : a.integer(3, LEEWAY);
        if (length < end.length() || leeway < 0) {
            throw new JinjaException(
                    "'truncate' needs a length of at least " + end.length() + " and a leeway of at least 0");
        }
        long size = Values.length(value);
        if (size >= 0 && size <= length + leeway) {
            return value;
        }
        var text = Values.text(value);
        var kept = text.slice(0, (int) length - end.length());
        if (!a.flag(1)) {
            kept = (Text) Strings.splitFromRight(kept, Text.of(" "), 1).getFirst();
        }
        return Operators.plus(kept, end, limits);
    }

    private static long wordCount(Text text) {
        long count = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            boolean letter = text.at(i) == '_' || Letters.isAlphanumeric(text.at(i));
            count += letter && !inWord ? 1 : 0;
            inWord = letter;
        }
        return count;
    }

    /** One line with the keys of dicts in order; Python breaks what is longer into lines. */
    private static Text printed(Object value, RenderLimits limits) {
        var text = ValueText.represented(sorted(value, limits), limits);
        if (text.length() > 80) {
            throw new JinjaException("the filter 'pprint' is not supported for more than 80 characters");
        }
        return text;
    }

    private static Object sorted(Object value, RenderLimits limits) {
        return switch (value) {
            case Dict dict -> {
                var entries = new ArrayList<>(dict.entries());
                entries.sort((a, b) -> Values.compare(a.key(), b.key(), limits));
                var ordered = new Dict();
                entries.forEach(entry -> ordered.put(entry.key(), sorted(entry.value(), limits)));
                yield ordered;
            }
            case List<?> list -> new ArrayList<Object>(list.stream().map(item -> sorted(item, limits)).toList());
            case Tuple tuple -> new Tuple(tuple.items().stream().map(item -> sorted(item, limits)).toList());
            default -> value;
        };
    }
}
