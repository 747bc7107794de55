package dev.kvasir.model.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters, written after {@code |}. */
final class Filters {

    /** Computes a value from another one and arguments. */
    @FunctionalInterface
    interface Filter {
        Object apply(Object value, CallArguments arguments, RenderLimits limits);
    }

    private static final Map<String, Filter> ALL = all();

    private Filters() {}

    private static Map<String, Filter> all() {
        var all = new HashMap<String, Filter>();
        TextFilters.addTo(all);
        HtmlFilters.addTo(all);
        ListFilters.addTo(all);
        ChoiceFilters.addTo(all);
        NumberFilters.addTo(all);
        all.put("default", (value, a, limits) -> {
            var b = a.bind("default", 0, "default_value", "boolean");
            return value instanceof Undefined || b.flag(1) && !Values.isTrue(value) ? b.get(0, Text.EMPTY) : value;
        });
        all.put("attr",
                (value, a, limits) -> Attributes.only(value, a.bind("attr", 1, "name").text(0).toString(), limits));
        all.put("tojson", (value, a, limits) -> Json.text(value,
                Json.style(a.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys")), limits));
        Map.of("d", "default", "count", "length", "e", "escape")
                .forEach((name, other) -> all.put(name, all.get(other)));
        return Map.copyOf(all);
    }

    static boolean has(String name) {
        return ALL.containsKey(name);
    }

    static Object apply(String name, Object value, CallArguments arguments, RenderLimits limits) {
        var filter = ALL.get(name);
        if (filter == null) {
            throw unsupported(name);
        }
        return filter.apply(value, arguments, limits);
    }

    static JinjaException unsupported(String name) {
        return new JinjaException("the filter '" + name + "' is not supported");
    }

    /** A string, or the text of another value. */
    static Text textOf(Object value, RenderLimits limits) {
        var text = ValueText.text(value, limits);
        limits.spend(text.length() / 16);
        return text;
    }
}
