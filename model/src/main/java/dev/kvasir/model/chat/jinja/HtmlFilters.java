package dev.kvasir.model.chat.jinja;

import java.util.List;
import java.util.Map;

/** Filters that make HTML or URLs. */
final class HtmlFilters {

    private HtmlFilters() {}

    static void addTo(Map<String, Filters.Filter> all) {
        all.put("safe", (value, a, limits) -> {
            a.bind("safe", 0);
            return Filters.textOf(value, limits).asMarkup();
        });
        all.put("escape", (value, a, limits) -> {
            a.bind("escape", 0);
            return Html.escape(Filters.textOf(value, limits), limits);
        });
        all.put("forceescape", (value, a, limits) -> {
            a.bind("forceescape", 0);
            return Html.forceEscape(Filters.textOf(value, limits), limits);
        });
        all.put("striptags", (value, a, limits) -> {
            a.bind("striptags", 0);
            return Html.withoutTags(Filters.textOf(value, limits), limits);
        });
        all.put("xmlattr", (value, a, limits) -> attributes(Values.dict(value),
                a.bind("xmlattr", 0, "autospace").get(0, true), limits));
        all.put("urlencode", (value, a, limits) -> {
            a.bind("urlencode", 0);
            return urlEncode(value, limits);
        });
    }

    private static Text attributes(Dict dict, Object autospace, RenderLimits limits) {
        var out = new TextBuilder(limits);
        for (var entry : dict.entries()) {
            if (entry.value() instanceof None || entry.value() instanceof Undefined) {
                continue;
            }
            var key = Values.text(entry.key());
            for (int i = 0; i < key.length(); i++) {
                if (" \t\n\r\f\u000B/>=".indexOf(key.at(i)) >= 0) {
                    throw new JinjaException("the name '" + key + "' of an attribute has an invalid character");
                }
            }
            out.add(out.length() > 0 || Values.isTrue(autospace) ? " " : "")
                    .add(Html.escape(key, limits))
                    .add("=\"")
                    .add(Html.escape(Filters.textOf(entry.value(), limits), limits))
                    .add("\"");
        }
        return out.text();
    }

    private static Text urlEncode(Object value, RenderLimits limits) {
        if (value instanceof Dict dict) {
            return query(new DictView(DictView.Kind.ITEMS, dict).items(), limits);
        }
        return switch (value) {
            case List<?> _,Tuple _,DictView _,Lazy _,Range _,Undefined _ -> query(Values.items(value, limits), limits);
            default -> Html.percent(Filters.textOf(value, limits), false, limits);
        };
    }

    private static Text query(List<?> pairs, RenderLimits limits) {
        var out = new TextBuilder(limits);
        for (var pair : pairs) {
            var parts = Values.items(pair, limits);
            if (parts.size() != 2) {
                throw new JinjaException("'urlencode' needs pairs of a key and a value");
            }
            out.add(out.length() > 0 ? "&" : "")
                    .add(Html.percent(Filters.textOf(parts.get(0), limits), true, limits))
                    .add("=")
                    .add(Html.percent(Filters.textOf(parts.get(1), limits), true, limits));
        }
        return out.text();
    }
}
