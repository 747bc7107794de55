package dev.kvasir.model.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** Jinja's {@code namespace(…)}: fields that can be set inside loops. */
record Namespace(Map<String, Object> fields) {

    Namespace() {
        this(new LinkedHashMap<>());
    }
}
