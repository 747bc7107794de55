package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The filters, written after {@code |}. */
final class Filters {

    static final Set<String> NAMES = Set.of("trim", "length", "count", "join", "default", "d", "tojson", "upper",
            "lower", "title", "capitalize", "first", "last", "list", "map", "select", "reject", "selectattr",
            "rejectattr", "replace", "int", "float", "string", "safe", "escape", "e", "dictsort", "items", "unique",
            "sort", "reverse", "abs", "indent", "sum", "min", "max", "round", "batch", "attr", "wordcount");

    private final RenderLimits limits;

    Filters(RenderLimits limits) {
        this.limits = limits;
    }

    Object apply(String name, Object value, CallArguments a) {
        return switch (name) {
            case "trim" -> {
                var characters = a.get(0, "chars", None.NONE);
                yield Strings.strip(textOf(value), characters == None.NONE ? "" : Values.text(characters), true, true);
            }
            case "length", "count" -> length(value);
            case "join" -> join(a.has(1, "attribute")
                    ? attributes(value, a.get(1, "attribute", ""), None.NONE)
                    : items(value), a.text(0, "d", ""), limits);
            case "default", "d" -> value instanceof Undefined || a.flag(1, "boolean", false) && !Values.isTrue(value)
                    ? a.get(0, "default_value", "")
                    : value;
            case "tojson" -> ValueText.json(value, indent(a), limits);
            case "upper" -> textOf(value).toUpperCase(Locale.ROOT);
            case "lower" -> textOf(value).toLowerCase(Locale.ROOT);
            case "title" -> Strings.title(textOf(value));
            case "capitalize" -> Strings.capitalize(textOf(value));
            case "first" -> items(value).isEmpty() ? new Undefined("the first item") : items(value).getFirst();
            case "last" -> items(value).isEmpty() ? new Undefined("the last item") : items(value).getLast();
            case "list" -> copy(items(value));
            case "map" -> map(value, a);
            case "select" -> select(value, a, false, true);
            case "reject" -> select(value, a, false, false);
            case "selectattr" -> select(value, a, true, true);
            case "rejectattr" -> select(value, a, true, false);
            case "replace" -> Strings.replace(textOf(value), textOf(a.required(0, "old")), textOf(a.required(1, "new")),
                    a.get(2, "count", None.NONE) == None.NONE ? -1 : a.integer(2, "count", -1), limits);
            case "int" -> toInteger(value, a);
            case "float" -> toFloat(value, a);
            case "string", "safe" -> textOf(value);
            case "escape", "e" -> escape(textOf(value));
            case "dictsort" -> dictSort(value, a);
            case "items" -> value instanceof Undefined ? new ArrayList<>() : Methods.items(dict(value), limits);
            case "unique" -> unique(value, a);
            case "sort" -> sort(value, a);
            case "reverse" -> value instanceof String s
                    ? new StringBuilder(s).reverse().toString()
                    : new ArrayList<>(copy(items(value)).reversed());
            case "abs" -> value instanceof Double d ? Math.abs(d) : (Object) Math.absExact(Values.integer(value));
            case "indent" -> indented(textOf(value), a);
            case "sum" -> sum(value, a);
            case "min" -> extreme(value, -1);
            case "max" -> extreme(value, 1);
            case "round" -> round(value, a);
            case "batch" -> batch(value, a);
            case "attr" -> Operators.item(value, a.required(0, "name"), limits);
            case "wordcount" -> (long) Strings.splitAtSpace(textOf(value), -1).size();
            default -> throw new JinjaException("the filter '" + name + "' is not supported");
        };
    }

    private String textOf(Object value) {
        var text = ValueText.text(value, limits);
        limits.spend(text.length() / 16);
        return text;
    }

    private List<?> items(Object value) {
        return Values.items(value, limits);
    }

    private List<Object> copy(List<?> items) {
        limits.list(items.size());
        return new ArrayList<>(items);
    }

    private static Map<?, ?> dict(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new JinjaException("expected a dict, found " + Values.kind(value));
    }

    private static long length(Object value) {
        return switch (value) {
            case String s -> s.codePointCount(0, s.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined _ -> 0;
            default -> throw new JinjaException(Values.kind(value) + " has no length");
        };
    }

    static String join(List<?> items, String separator, RenderLimits limits) {
        var joined = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            var text = (i == 0 ? "" : separator) + ValueText.text(items.get(i), limits);
            limits.grow(joined.length(), text.length());
            joined.append(text);
        }
        return joined.toString();
    }

    private static int indent(CallArguments a) {
        var indent = a.get(0, "indent", None.NONE);
        return indent == None.NONE ? -1 : (int) Math.clamp(Values.integer(indent), 0, 64);
    }

    /** The attribute {@code a.b.0} of a value. */
    private Object attribute(Object value, Object path) {
        if (path instanceof Long) {
            return Operators.item(value, path, limits);
        }
        Object at = value;
        for (var step : Values.text(path).split("\\.")) {
            boolean index = !step.isEmpty() && step.length() < 10 && step.chars().allMatch(Character::isDigit);
            at = Operators.item(at, index ? (Object) Long.valueOf(step) : step, limits);
        }
        return at;
    }

    private List<Object> attributes(Object value, Object path, Object otherwise) {
        var result = new ArrayList<Object>();
        for (var item : items(value)) {
            var found = attribute(item, path);
            result.add(found instanceof Undefined && otherwise != None.NONE ? otherwise : found);
        }
        limits.list(result.size());
        return result;
    }

    private List<Object> map(Object value, CallArguments a) {
        if (a.named().containsKey("attribute")) {
            return attributes(value, a.required(0, "attribute"), a.get(1, "default", None.NONE));
        }
        var filter = Values.text(a.required(0, "filter"));
        var result = new ArrayList<Object>();
        for (var item : items(value)) {
            result.add(apply(filter, item, a.after(1)));
        }
        limits.list(result.size());
        return result;
    }

    private List<Object> select(Object value, CallArguments a, boolean byAttribute, boolean wanted) {
        int at = byAttribute ? 1 : 0;
        var test = a.positional().size() > at ? Values.text(a.positional().get(at)) : "";
        var selected = new ArrayList<Object>();
        for (var item : items(value)) {
            var tested = byAttribute ? attribute(item, a.required(0, "attribute")) : item;
            boolean holds = test.isEmpty()
                    ? Values.isTrue(tested)
                    : Tests.test(operatorName(test), tested, a.after(at + 1), limits);
            if (holds == wanted) {
                selected.add(item);
            }
        }
        limits.list(selected.size());
        return selected;
    }

    /** A test may be named by its operator. */
    private static String operatorName(String test) {
        return switch (test) {
            case "==" -> "eq";
            case "!=" -> "ne";
            case "<" -> "lt";
            case "<=" -> "le";
            case ">" -> "gt";
            case ">=" -> "ge";
            default -> test;
        };
    }

    private static Object toInteger(Object value, CallArguments a) {
        try {
            return switch (value) {
                case Double d -> d.longValue();
                case String s -> s.strip().contains(".")
                        ? (long) Double.parseDouble(s.strip())
                        : Long.parseLong(s.strip().replace("_", ""));
                case Undefined undefined -> throw undefined.used();
                default -> Values.isNumber(value) ? Values.integer(value) : a.get(0, "default", 0L);
            };
        } catch (NumberFormatException e) {
            return a.get(0, "default", 0L);
        }
    }

    private static Object toFloat(Object value, CallArguments a) {
        try {
            return value instanceof String s
                    ? Double.parseDouble(s.strip())
                    : Values.isNumber(value) ? Values.number(value) : a.get(0, "default", 0.0);
        } catch (NumberFormatException e) {
            return a.get(0, "default", 0.0);
        }
    }

    private String escape(String text) {
        var escaped = text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
        limits.text(escaped.length());
        return escaped;
    }

    private Object dictSort(Object value, CallArguments a) {
        var items = Methods.items(dict(value), limits);
        int by = a.text(1, "by", "key").equals("value") ? 1 : 0;
        return ordered(items, item -> ((List<?>) item).get(by), a.flag(0, "case_sensitive", false),
                a.flag(2, "reverse", false));
    }

    private Object sort(Object value, CallArguments a) {
        var path = a.get(2, "attribute", None.NONE);
        return ordered(copy(items(value)), item -> path == None.NONE ? item : attribute(item, path),
                a.flag(1, "case_sensitive", false), a.flag(0, "reverse", false));
    }

    private List<Object> ordered(List<Object> items, java.util.function.Function<Object, Object> key,
            boolean caseSensitive, boolean reverse) {
        Comparator<Object> order = (x, y) -> Values.compare(folded(key.apply(x), caseSensitive),
                folded(key.apply(y), caseSensitive), limits);
        items.sort(reverse ? order.reversed() : order);
        return items;
    }

    private Object folded(Object key, boolean caseSensitive) {
        if (caseSensitive || !(key instanceof String text)) {
            return key;
        }
        limits.spend(text.length());
        return text.toLowerCase(Locale.ROOT);
    }

    private Object unique(Object value, CallArguments a) {
        var path = a.get(1, "attribute", None.NONE);
        var seen = new LinkedHashMap<Object, Object>();
        for (var item : items(value)) {
            var key = path == None.NONE ? item : attribute(item, path);
            if (key instanceof List<?> || key instanceof Map<?, ?>) {
                throw new JinjaException("unique does not take " + Values.kind(key));
            }
            seen.putIfAbsent(folded(key, a.flag(0, "case_sensitive", false)), item);
        }
        return copy(List.copyOf(seen.values()));
    }

    private String indented(String text, CallArguments a) {
        var width = a.get(0, "width", 4L);
        var margin = width instanceof String s ? s : " ".repeat((int) Math.clamp(Values.integer(width), 0, 1000));
        boolean blank = a.flag(2, "blank", false);
        var result = new StringBuilder();
        boolean first = true;
        for (var line : text.split("\n", -1)) {
            var put = (first ? "" : "\n")
                    + ((first ? a.flag(1, "first", false) : blank || !line.isEmpty()) ? margin : "");
            limits.grow(result.length(), (long) put.length() + line.length());
            result.append(put).append(line);
            first = false;
        }
        return result.toString();
    }

    private Object sum(Object value, CallArguments a) {
        var path = a.get(0, "attribute", None.NONE);
        Object total = a.get(1, "start", 0L);
        for (var item : items(value)) {
            total = Operators.binary("+", total, path == None.NONE ? item : attribute(item, path), limits);
        }
        return total;
    }

    private Object extreme(Object value, int sign) {
        Object best = new Undefined("the extreme of nothing");
        for (var item : items(value)) {
            if (best instanceof Undefined || Values.compare(item, best, limits) * sign > 0) {
                best = item;
            }
        }
        return best;
    }

    private static Object round(Object value, CallArguments a) {
        if (value instanceof Long && a.text(1, "method", "common").equals("common")) {
            return value;
        }
        double scale = Math.pow(10, a.integer(0, "precision", 0));
        double scaled = Values.number(value) * scale;
        return switch (a.text(1, "method", "common")) {
            case "ceil" -> Math.ceil(scaled) / scale;
            case "floor" -> Math.floor(scaled) / scale;
            default -> Math.rint(scaled) / scale;
        };
    }

    private Object batch(Object value, CallArguments a) {
        long size = Math.max(1, Values.integer(a.required(0, "linecount")));
        var batches = new ArrayList<Object>();
        var batch = new ArrayList<Object>();
        for (var item : copy(items(value))) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
