package dev.kvasir.model.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The visible names. {@code set} writes to the innermost scope. */
final class Scope {

    private final @Nullable Scope outer;
    private final Map<String, Object> names = new HashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            var value = scope.names.get(name);
            if (value != null) {
                return value;
            }
        }
        return Undefined.of("'" + name + "'");
    }

    void set(String name, Object value) {
        names.put(name, value);
    }
}
