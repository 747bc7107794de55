package dev.kvasir.lab.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kvasir.lab.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads one JSON object and describes what is wrong with it in plain words. */
final class JsonObject {
    private static final int SHOWN = 24; // characters of a broken line, and of a value
    private static final ObjectMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonObject() {}

    /** A line that is no JSON object, with a sentence about it. */
    private static final class NoObjectException extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        NoObjectException(String sentence) {
            super(sentence);
        }
    }

    /** @throws JsonProcessingException if the line is not one JSON object; {@link #sentence} describes it */
    static JsonNode read(String line) throws JsonProcessingException {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (!node.isObject()) {
                throw new NoObjectException("is %s and not a JSON object%s".formatted(kind(node),
                        node.isArray() ? ": write each object on a line of its own" : ""));
            }
            return node;
        } catch (NoObjectException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new NoObjectException(broken(line, e));
        }
    }

    /** The sentence about a line that {@link #read} has refused. */
    static String sentence(JsonProcessingException refused) {
        return refused.getOriginalMessage();
    }

    private static String broken(String line, JsonProcessingException e) {
        String message = e.getOriginalMessage();
        if (e instanceof JsonEOFException) {
            return "is broken JSON: the line ends before its object does; a whole object must be on one line";
        }
        if (message.startsWith("Duplicate field")) {
            return "has the key %s twice".formatted(message.replaceFirst("Duplicate field ", ""));
        }
        if (message.startsWith("Trailing token")) {
            return "has more than one JSON object: write each object on a line of its own";
        }
        JsonLocation location = e.getLocation();
        if (!(e instanceof JsonParseException) || location == null) {
            return "is JSON that cannot be read: " + message.lines().findFirst().orElse("").strip();
        }
        int column = Math.clamp(location.getColumnNr(), 1, Math.max(1, line.length()));
        int from = Math.max(0, column - SHOWN);
        return "is broken JSON at character %d, where '%s' ends".formatted(column,
                line.substring(from, Math.min(line.length(), column)));
    }

    /** A value in words: {@code the number 5}, {@code a list}. */
    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "the text '%s'".formatted(shortened(value.asText()));
            case NUMBER -> "the number " + shortened(value.asText());
            case BOOLEAN -> value.asText();
            case ARRAY -> value.isEmpty() ? "an empty list" : "a list";
            case OBJECT -> "an object";
            case NULL -> "null";
            default -> value.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** {@code ", but 'contexts'"}: a key of the object that is nearly {@code key}; else nothing. */
    static String nearKey(JsonNode object, String key) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return Nearest.to(key, keys).map(near -> ", but '%s'".formatted(near)).orElse("");
    }
}
