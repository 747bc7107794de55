package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The methods of strings, dicts and lists. */
final class Methods {

    private Methods() {}

    /** The method of a value, if it has one of that name. */
    static Optional<Function> find(Object of, String name, RenderLimits limits) {
        return Optional.ofNullable(switch (of) {
            case String text -> ofString(text, name, limits);
            case Map<?, ?> map -> ofDict(map, name, limits);
            case List<?> list -> ofList(list, name, limits);
            default -> null;
        });
    }

    private static @Nullable Function ofString(String text, String name, RenderLimits limits) {
        limits.spend(text.length() / 16);
        return switch (name) {
            case "strip" -> a -> Strings.strip(text, characters(a), true, true);
            case "lstrip" -> a -> Strings.strip(text, characters(a), true, false);
            case "rstrip" -> a -> Strings.strip(text, characters(a), false, true);
            case "split" -> a -> split(text, a, limits, false);
            case "rsplit" -> a -> split(text, a, limits, true);
            case "splitlines" -> a -> lines(text, limits);
            case "startswith" -> a -> anyOf(a, text::startsWith);
            case "endswith" -> a -> anyOf(a, text::endsWith);
            case "replace" -> a -> Strings.replace(text, Values.text(a.required(0, "old")),
                    Values.text(a.required(1, "new")), a.integer(2, "count", -1), limits);
            case "upper" -> a -> text.toUpperCase(Locale.ROOT);
            case "lower" -> a -> text.toLowerCase(Locale.ROOT);
            case "title" -> a -> Strings.title(text);
            case "capitalize" -> a -> Strings.capitalize(text);
            case "count" -> a -> Strings.count(text, Values.text(a.required(0, "sub")));
            case "find" -> a -> position(text, text.indexOf(Values.text(a.required(0, "sub"))));
            case "rfind" -> a -> position(text, text.lastIndexOf(Values.text(a.required(0, "sub"))));
            case "isdigit" -> a -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
            case "isalpha" -> a -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetter);
            case "isalnum" -> a -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetterOrDigit);
            case "isspace" -> a -> !text.isEmpty() && text.codePoints().allMatch(Strings::isSpace);
            case "isupper" -> a -> Tests.test("upper", text, CallArguments.NONE, limits);
            case "islower" -> a -> Tests.test("lower", text, CallArguments.NONE, limits);
            case "join" -> a -> Filters.join(Values.items(a.required(0, "items"), limits), text, limits);
            case "removeprefix" -> a -> {
                var prefix = Values.text(a.required(0, "prefix"));
                return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            };
            case "removesuffix" -> a -> {
                var suffix = Values.text(a.required(0, "suffix"));
                return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            };
            default -> null;
        };
    }

    private static String characters(CallArguments arguments) {
        var given = arguments.get(0, "chars", None.NONE);
        return given == None.NONE ? "" : Values.text(given);
    }

    private static Object split(String text, CallArguments arguments, RenderLimits limits, boolean fromRight) {
        var separator = arguments.get(0, "sep", None.NONE);
        long most = arguments.integer(1, "maxsplit", -1);
        limits.spend(text.length());
        if (separator == None.NONE) {
            if (fromRight && most >= 0) {
                throw new JinjaException("rsplit at white space with a limit is not supported");
            }
            return Strings.splitAtSpace(text, most);
        }
        var cut = Values.text(separator);
        if (cut.isEmpty()) {
            throw new JinjaException("cannot split at an empty separator");
        }
        limits.list(Strings.count(text, cut) + 1);
        return fromRight ? Strings.splitFromRight(text, cut, most) : Strings.split(text, cut, most);
    }

    private static List<Object> lines(String text, RenderLimits limits) {
        limits.spend(text.length());
        var lines = new ArrayList<Object>(text.lines().toList());
        limits.list(lines.size());
        return lines;
    }

    private static boolean anyOf(CallArguments arguments, Predicate<String> test) {
        var wanted = arguments.required(0, "prefix");
        return wanted instanceof List<?> several
                ? several.stream().anyMatch(one -> test.test(Values.text(one)))
                : test.test(Values.text(wanted));
    }

    private static long position(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static @Nullable Function ofDict(Map<?, ?> map, String name, RenderLimits limits) {
        return switch (name) {
            case "items" -> a -> items(map, limits);
            case "keys" -> a -> {
                limits.list(map.size());
                return new ArrayList<Object>(map.keySet());
            };
            case "values" -> a -> {
                limits.list(map.size());
                return new ArrayList<Object>(map.values());
            };
            case "get" -> a -> {
                var value = map.get(a.required(0, "key"));
                return value != null ? value : a.get(1, "default", None.NONE);
            };
            default -> null;
        };
    }

    static List<Object> items(Map<?, ?> map, RenderLimits limits) {
        limits.list(3L * map.size());
        var items = new ArrayList<Object>();
        map.forEach((key, value) -> items.add(new Tuple(List.of(key, value))));
        return items;
    }

    private static @Nullable Function ofList(List<?> list, String name, RenderLimits limits) {
        return switch (name) {
            case "count" -> a -> {
                var wanted = a.required(0, "value");
                return list.stream().filter(item -> Values.areEqual(item, wanted, limits)).count();
            };
            case "index" -> a -> {
                var wanted = a.required(0, "value");
                for (int i = 0; i < list.size(); i++) {
                    if (Values.areEqual(list.get(i), wanted, limits)) {
                        return (long) i;
                    }
                }
                throw new JinjaException("the list has no such item");
            };
            default -> null;
        };
    }
}
