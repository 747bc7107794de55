package dev.kvasir.model.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param role the speaker: {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text
 * @param extra further fields for the template, such as {@code tool_calls}: strings, numbers, booleans, lists, maps, null
 */
public record Message(String role, String content, Map<String, ? extends @Nullable Object> extra) {

    /** Copies the extra fields, in their order. */
    public Message {
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** A message with a role and a text. */
    public Message(String role, String content) {
        this(role, content, Map.of());
    }

    /** A system message, which applies to the whole conversation. */
    public static Message system(String content) {
        return new Message("system", content);
    }

    /** A message of the user. */
    public static Message user(String content) {
        return new Message("user", content);
    }

    /** An answer of the model. */
    public static Message assistant(String content) {
        return new Message("assistant", content);
    }
}
