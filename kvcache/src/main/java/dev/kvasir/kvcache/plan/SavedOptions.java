package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.option.Setting;
import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The options by which a saved sequence was kept. A sequence that is restored must be kept by the same ones, or it would
 * not go on as it was. Only the sizes of memories may differ.
 */
public final class SavedOptions {
    /** These are compared by other names, or may differ. */
    private static final Set<String> LEFT_OUT = Set.of("policy", "deviceMemory", "hostMemory", "disk", "prefixCache");

    private SavedOptions() {}

    /** Writes the options of a sequence of up to {@code maxTokens}. */
    public static void save(StateWriter state, CacheShape shape, CacheOptions options, int maxTokens) {
        var texts = texts(shape, options, maxTokens);
        state.writeInt(texts.size());
        texts.forEach((name, text) -> {
            state.writeText(name);
            state.writeText(text);
        });
    }

    /**
     * Compares saved options with those of the sequence to be restored.
     *
     * @throws StateException if one differs: the message has both values
     */
    public static void check(StateReader state, CacheShape shape, CacheOptions options, int maxTokens) {
        var saved = new TreeMap<String, String>();
        for (int left = state.readInt(0, 1000); left > 0; left--) {
            saved.put(state.readText(), state.readText());
        }
        var here = texts(shape, options, maxTokens);
        var names = new TreeSet<>(saved.keySet());
        names.addAll(here.keySet());
        for (var name : names) {
            var before = saved.getOrDefault(name, "not known");
            var now = here.getOrDefault(name, "not known");
            if (!before.equals(now)) {
                throw new StateException("it was saved with %s %s, and here %s is %s: use the same".formatted(name,
                        before, name, now));
            }
        }
    }

    private static Map<String, String> texts(CacheShape shape, CacheOptions options, int maxTokens) {
        var texts = new TreeMap<String, String>();
        texts.put("a cache of", "%d layers, %d query heads, %d KV heads and %d elements a key".formatted(shape.layers(),
                shape.queryHeads(), shape.kvHeads(), shape.headDim()));
        texts.put(Setting.CONTEXT.place(), Integer.toString(maxTokens));
        texts.put(Setting.POLICY.place(), options.policy().name());
        // it decides whether pages have backups, whatever its size
        texts.put("CacheOptions.prefixCache", options.prefixCache() > 0 ? "above 0" : "0");
        for (RecordComponent option : CacheOptions.class.getRecordComponents()) {
            if (!LEFT_OUT.contains(option.getName())) {
                texts.put("CacheOptions." + option.getName(), text(option, options));
            }
        }
        return texts;
    }

    private static String text(RecordComponent option, CacheOptions options) {
        try {
            Object value = option.getAccessor().invoke(options);
            return String.valueOf(value instanceof Map<?, ?> map ? new TreeMap<>(map) : value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("%s has no accessor".formatted(option.getName()), e);
        }
    }
}
