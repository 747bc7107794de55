package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's dict: it keeps the order of insertion, and 1, 1.0 and true are one key. */
final class Dict {

    /** A key as it was first given, and its value. */
    record Entry(Object key, Object value) {}

    private record TupleKey(List<Object> items) {}

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    Dict() {}

    Dict(Dict other) {
        entries.putAll(other.entries);
    }

    /** Adds an entry, or replaces the value of the key. */
    void put(Object key, Object value) {
        entries.merge(hashed(key), new Entry(key, value), (old, added) -> new Entry(old.key(), value));
    }

    void putAll(Dict other) {
        other.entries.values().forEach(entry -> put(entry.key(), entry.value()));
    }

    @Nullable
    Object get(Object key) {
        var entry = entries.get(hashed(key));
        return entry == null ? null : entry.value();
    }

    @Nullable
    Object get(String key) {
        return get(Text.of(key));
    }

    boolean has(Object key) {
        return entries.containsKey(hashed(key));
    }

    int size() {
        return entries.size();
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    List<Object> keys() {
        var keys = new ArrayList<Object>(entries.size());
        entries.values().forEach(entry -> keys.add(entry.key()));
        return keys;
    }

    /** A value as a key: equal for what Python counts as equal. */
    static Object hashed(Object key) {
        return switch (key) {
            case Boolean b -> b ? 1L : 0L;
            case Double d when d == d.longValue() && Math.abs(d) < 1e18 -> d.longValue();
            case Tuple tuple -> {
                var items = new ArrayList<Object>();
                tuple.items().forEach(item -> items.add(hashed(item)));
                yield new TupleKey(items);
            }
            case Undefined _ -> Undefined.class;
            case List<?> _,Dict _ -> throw new JinjaException(Values.kind(key) + " cannot be a key");
            default -> key;
        };
    }
}
