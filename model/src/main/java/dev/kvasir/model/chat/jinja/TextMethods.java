package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The methods of strings. */
final class TextMethods {

    private static final Set<String> UNSUPPORTED = Set.of("encode", "maketrans", "translate", "format_map", "unescape",
            "escape", "isidentifier");

    private TextMethods() {}

    /** The method of a string, if it has one of that name. The methods of a safe string give safe strings. */
    static @Nullable Function find(Text text, String name, RenderLimits limits) {
        var method = method(text, name, limits);
        return method == null || !text.isMarkup() ? method : a -> asMarkup(method.call(escaped(name, a, limits)));
    }

    private static Object asMarkup(Object value) {
        return switch (value) {
            case Text text -> text.asMarkup();
            case List<?> list -> new ArrayList<Object>(list.stream().map(TextMethods::asMarkup).toList());
            case Tuple tuple -> new Tuple(tuple.items().stream().map(TextMethods::asMarkup).toList());
            default -> value;
        };
    }

    /** Arguments that a safe string takes in as HTML. */
    private static CallArguments escaped(String name, CallArguments a, RenderLimits limits) {
        int index = Set.of("replace", "ljust", "rjust", "center").contains(name) ? 1 : name.equals("join") ? 0 : -1;
        if (index < 0 || index >= a.positional().size()) {
            return a;
        }
        var escaped = new ArrayList<>(a.positional());
        if (escaped.get(index) instanceof Text text) {
            escaped.set(index, Html.escape(text, limits));
        } else if (name.equals("join")) {
            escaped.set(index, new ArrayList<Object>(Values.items(escaped.get(index), limits)
                    .stream()
                    .map(item -> Html.escape(ValueText.text(item, limits), limits))
                    .toList()));
        }
        return new CallArguments(escaped, a.named());
    }

    private static @Nullable Function method(Text text, String name, RenderLimits limits) {
        limits.spend(text.length() / 16);
        return switch (name) {
            case "strip" -> a -> Strings.strip(text, a.positions(name, 0, 1).get(0), true, true);
            case "lstrip" -> a -> Strings.strip(text, a.positions(name, 0, 1).get(0), true, false);
            case "rstrip" -> a -> Strings.strip(text, a.positions(name, 0, 1).get(0), false, true);
            case "split", "rsplit" ->
                a -> split(text, a.bind(name, 0, "sep", "maxsplit"), limits, name.equals("rsplit"));
            case "splitlines" -> a -> {
                limits.list(text.length());
                return Strings.lines(text, a.bind(name, 0, "keepends").flag(0));
            };
            case "partition" -> a -> partition(text, separator(a.positions(name, 1, 1).text(0)), false);
            case "rpartition" -> a -> partition(text, separator(a.positions(name, 1, 1).text(0)), true);
            case "join" -> a -> join(text, a.positions(name, 1, 1).get(0), limits);
            case "replace" -> a -> {
                var b = a.positions(name, 2, 3);
                return Strings.replace(text, b.text(0), b.text(1), b.integer(2, -1), limits);
            };
            case "removeprefix" -> a -> {
                var prefix = a.positions(name, 1, 1).text(0);
                return text.startsWith(prefix) ? text.slice(prefix.length(), text.length()) : text;
            };
            case "removesuffix" -> a -> {
                var suffix = a.positions(name, 1, 1).text(0);
                return text.endsWith(suffix) ? text.slice(0, text.length() - suffix.length()) : text;
            };
            case "format" -> a -> BraceFormat.format(text, a, limits);
            case "startswith" -> a -> anyOf(text, a.positions(name, 1, 3), Text::startsWith);
            case "endswith" -> a -> anyOf(text, a.positions(name, 1, 3), Text::endsWith);
            case "find", "rfind", "index", "rindex", "count" -> a -> position(text, name, a.positions(name, 1, 3));
            default -> {
                var method = letters(text, name, limits);
                if (method == null) {
                    method = widened(text, name, limits);
                }
                if (method == null && UNSUPPORTED.contains(name)) {
                    throw Attributes.unsupported(name, text);
                }
                yield method;
            }
        };
    }

    private static @Nullable Function letters(Text text, String name, RenderLimits limits) {
        return switch (name) {
            case "upper" -> plain(name, () -> Letters.upper(text, limits));
            case "lower" -> plain(name, () -> Letters.lower(text, limits));
            case "title" -> plain(name, () -> Letters.title(text, limits));
            case "capitalize" -> plain(name, () -> Letters.capitalize(text, limits));
            case "swapcase" -> plain(name, () -> Letters.swapCase(text, limits));
            case "casefold" -> plain(name, () -> Letters.fold(text, limits));
            case "isdigit" -> plain(name, () -> Letters.all(text, Letters::isDigit));
            case "isdecimal" -> plain(name, () -> Letters.all(text, Character::isDigit));
            case "isnumeric" -> plain(name, () -> Letters.all(text, Letters::isNumeric));
            case "isalpha" -> plain(name, () -> Letters.all(text, Character::isLetter));
            case "isalnum" -> plain(name, () -> Letters.all(text, Letters::isAlphanumeric));
            case "isspace" -> plain(name, () -> Letters.all(text, Strings::isSpace));
            case "isascii" -> plain(name, () -> text.isEmpty() || Letters.all(text, c -> c < 0x80));
            case "isprintable" -> plain(name, () -> text.isEmpty() || Letters.all(text, ValueText::isPrintable));
            case "isupper" -> plain(name, () -> Letters.isUpper(text));
            case "islower" -> plain(name, () -> Letters.isLower(text));
            case "istitle" -> plain(name, () -> Letters.isTitle(text));
            case "striptags" -> text.isMarkup() ? plain(name, () -> Html.withoutTags(text, limits)) : null;
            default -> null;
        };
    }

    private static @Nullable Function widened(Text text, String name, RenderLimits limits) {
        return switch (name) {
            case "ljust" -> a -> pad(text, a.positions(name, 1, 2), 0, limits);
            case "rjust" -> a -> pad(text, a.positions(name, 1, 2), 1, limits);
            case "center" -> a -> center(text, a.positions(name, 1, 2).integer(0, 0), fill(a), limits);
            case "zfill" -> a -> zeros(text, a.positions(name, 1, 1).integer(0, 0), limits);
            case "expandtabs" -> a -> withoutTabs(text, a.bind(name, 0, "tabsize").integer(0, 8), limits);
            default -> null;
        };
    }

    private static Function plain(String name, java.util.function.Supplier<Object> result) {
        return a -> {
            a.positions(name, 0, 0);
            return result.get();
        };
    }

    private static Text separator(Text separator) {
        if (separator.isEmpty()) {
            throw new JinjaException("cannot split at an empty separator");
        }
        return separator;
    }

    private static Object split(Text text, CallArguments.Bound a, RenderLimits limits, boolean fromRight) {
        long most = a.integer(1, -1);
        limits.list(text.length());
        if (a.get(0) == None.NONE) {
            return fromRight ? Strings.splitAtSpaceFromRight(text, most) : Strings.splitAtSpace(text, most);
        }
        var cut = separator(a.text(0));
        return fromRight ? Strings.splitFromRight(text, cut, most) : Strings.split(text, cut, most);
    }

    private static Tuple partition(Text text, Text separator, boolean last) {
        int at = last ? text.lastIndexOf(separator, 0, text.length()) : text.indexOf(separator, 0);
        if (at < 0) {
            return last ? Tuple.of(Text.EMPTY, Text.EMPTY, text) : Tuple.of(text, Text.EMPTY, Text.EMPTY);
        }
        int end = at + separator.length();
        return Tuple.of(text.slice(0, at), text.slice(at, end), text.slice(end, text.length()));
    }

    private static Text join(Text separator, Object values, RenderLimits limits) {
        var items = Values.items(values, limits);
        items.forEach(Values::text);
        return Strings.join(items, separator, limits);
    }

    private static boolean anyOf(Text text, CallArguments.Bound a, BiPredicate<Text, Text> test) {
        int[] window = window(text, a);
        if (window[0] > window[1]) {
            return false;
        }
        var part = text.slice(window[0], window[1]);
        Predicate<Object> matches = wanted -> test.test(part, Values.text(wanted));
        return a.get(0) instanceof Tuple several
                ? several.items().stream().anyMatch(matches)
                : matches.test(a.get(0));
    }

    private static Object position(Text text, String name, CallArguments.Bound a) {
        int[] window = window(text, a);
        var part = a.text(0);
        if (name.equals("count")) {
            return Math.max(0, Strings.count(text, part, window[0], window[1]));
        }
        long found = name.startsWith("r")
                ? text.lastIndexOf(part, window[0], window[1])
                : text.indexOf(part, window[0], window[1]);
        if (found < 0 && name.endsWith("index")) {
            throw new JinjaException("the string has no part '" + part + "'");
        }
        return found;
    }

    /** The optional start and end among the arguments. */
    private static int[] window(Text text, CallArguments.Bound a) {
        long from = a.get(1) == None.NONE ? 0 : a.integer(1, 0);
        long to = a.get(2) == None.NONE ? text.length() : a.integer(2, 0);
        from = from < 0 ? Math.max(0, from + text.length()) : Math.min(from, text.length() + 1L);
        to = to < 0 ? Math.max(0, to + text.length()) : Math.min(to, text.length());
        return new int[]{(int) from, (int) to};
    }

    private static Text fill(CallArguments a) {
        return Values.text(a.positional().size() > 1 ? a.positional().get(1) : Text.of(" "));
    }

    private static Text pad(Text text, CallArguments.Bound a, int left, RenderLimits limits) {
        long width = a.integer(0, 0);
        return Strings.pad(text, width, left * Math.max(0, width - text.length()), Values.text(a.get(1, Text.of(" "))),
                limits);
    }

    static Text center(Text text, long width, Text fill, RenderLimits limits) {
        long room = Math.max(0, width - text.length());
        return Strings.pad(text, width, room / 2 + (room & width & 1), fill, limits);
    }

    private static Text zeros(Text text, long width, RenderLimits limits) {
        int signs = !text.isEmpty() && (text.at(0) == '+' || text.at(0) == '-') ? 1 : 0;
        return new TextBuilder(limits).add(text, 0, signs)
                .repeat(Text.of("0"), Math.max(0, width - text.length()))
                .add(text, signs, text.length())
                .text();
    }

    private static Text withoutTabs(Text text, long size, RenderLimits limits) {
        var out = new TextBuilder(limits);
        long column = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.at(i) == '\t') {
                long blanks = size > 0 ? size - column % size : 0;
                out.repeat(Text.of(" "), blanks);
                column += blanks;
            } else {
                out.addMarked(text.marked(i));
                column = text.at(i) == '\n' || text.at(i) == '\r' ? 0 : column + 1;
            }
        }
        return out.text();
    }
}
