package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** The keys, values or items of a dict, as {@code dict.keys()} and its kin give them. */
record DictView(Kind kind, Dict dict) {

    enum Kind {
        KEYS,
        VALUES,
        ITEMS
    }

    List<Object> items() {
        if (kind == Kind.KEYS) {
            return dict.keys();
        }
        var items = new ArrayList<Object>(dict.size());
        for (var entry : dict.entries()) {
            items.add(kind == Kind.VALUES ? entry.value() : Tuple.of(entry.key(), entry.value()));
        }
        return items;
    }
}
