package dev.kvasir.runner.trace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.pagemap.PageEvents;
import dev.kvasir.report.pagemap.PageMapRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A run while its lines are read. */
final class TracedRun {
    private final JsonNode header;
    private final List<String> kinds;
    private final List<String> states;
    private final int layers;
    private final int kvHeads;
    private final int groups;
    private final int tokensPerPage;
    private final int contextTokens;
    private final int promptTokens;
    private final List<String> texts = new ArrayList<>();
    private final PageEvents events = new PageEvents();

    private TracedRun(JsonNode header, List<String> kinds, List<String> states) {
        this.header = header;
        this.kinds = kinds;
        this.states = states;
        layers = number(header, "layers", 1, 1 << 16);
        kvHeads = number(header, "kv_heads", 1, 1 << 16);
        groups = number(header, "groups", 1, kvHeads);
        tokensPerPage = number(header, "tokens_per_page", 1, 1 << 16);
        contextTokens = number(header, "context_tokens", 1, 1 << 30);
        promptTokens = header.path(TraceHeader.PROMPT_TOKENS).isNull()
                ? 1
                : number(header, TraceHeader.PROMPT_TOKENS, 1, contextTokens);
    }

    /**
     * A run without lines yet.
     *
     * @throws IllegalArgumentException if the header lacks a field
     */
    static TracedRun of(JsonNode header, List<String> kinds, List<String> states) {
        return new TracedRun(header, kinds, states);
    }

    /** Adds a line of tokens; throws IllegalArgumentException if it makes no sense. */
    void addTokens(JsonNode line) {
        int position = number(line, "position", 0, contextTokens);
        for (JsonNode text : line.path("texts")) {
            while (texts.size() <= position) {
                texts.add("");
            }
            texts.set(position++, text.asText());
        }
    }

    /** Adds an event; throws IllegalArgumentException if it makes no sense. */
    void addEvent(JsonNode line) {
        float importance = line.path("importance").isNumber() ? line.get("importance").floatValue() : Float.NaN;
        events.add(word(line, "event", kinds), word(line, "state", states), number(line, "layer", 0, layers - 1),
                number(line, "group", 0, groups - 1), number(line, "step", 0, contextTokens),
                number(line, "page", 0, (contextTokens - 1) / tokensPerPage), importance);
    }

    private static int number(JsonNode line, String name, int least, int most) {
        JsonNode value = line.path(name);
        if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
            throw new IllegalArgumentException("%s is %s, not a number from %d to %d".formatted(name,
                    value.isMissingNode() ? "missing" : value, least, most));
        }
        return value.asInt();
    }

    private static int word(JsonNode line, String name, List<String> words) {
        int index = words.indexOf(line.path(name).asText());
        if (index < 0) {
            throw new IllegalArgumentException(
                    "%s is %s, none of %s".formatted(name, line.path(name), String.join(", ", words)));
        }
        return index;
    }

    boolean hasEvents() {
        return events.count() > 0;
    }

    PageMapRun run() {
        JsonNode cache = header.path("cache");
        return new PageMapRun(cache.path("policy").asText(), facts(), header.path("unit").asText("page"), tokensPerPage,
                promptTokens, layers, groupNames(), kinds, states, texts, events);
    }

    private List<String> groupNames() {
        int heads = kvHeads / groups;
        return IntStream.range(0, groups)
                .mapToObj(group -> heads == 1
                        ? "KV head %d".formatted(group)
                        : "KV heads %d to %d".formatted(group * heads, group * heads + heads - 1))
                .toList();
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        JsonNode cache = header.path("cache");
        String hash = header.path("model_sha256").asText("");
        facts.put("Model", "%s, %s%s".formatted(text("model"),
                ByteSize.readable(header.path("model_bytes").asLong()),
                hash.length() < 12 || hash.equals("null") ? "" : ", SHA-256 " + hash.substring(0, 12) + "…"));
        facts.put("Shape", "%d layers, %s query heads, %d KV heads".formatted(layers, text("query_heads"), kvHeads));
        List<String> options = new ArrayList<>();
        cache.properties()
                .forEach(option -> options.add(option.getKey().replace('_', ' ') + " "
                        + (option.getValue().isValueNode() ? option.getValue().asText() : option.getValue())));
        facts.put("Cache", String.join(", ", options));
        facts.put("Text", "prompt tokens %s, steps %d, context tokens %d".formatted(
                text(TraceHeader.PROMPT_TOKENS), events.lastStep(), contextTokens));
        facts.put("Made by", "kvasir %s, Kvasir %s (%s), engine %s, seed %s".formatted(text("command"), text("kvasir"),
                text("commit"), text("engine"), text("seed")));
        return facts;
    }

    private String text(String name) {
        return header.path(name).asText("unknown");
    }
}
