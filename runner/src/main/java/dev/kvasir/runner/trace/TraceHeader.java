package dev.kvasir.runner.trace;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.lab.run.Build;
import dev.kvasir.lab.run.Hashes;
import dev.kvasir.lab.run.Origin;
import dev.kvasir.model.OpenModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The header line of a run in a trace, without the number of prompt tokens. {@code docs/trace.md} explains the fields. */
public final class TraceHeader {
    /** The first field and its value: they tell a trace from other files. */
    static final String FORMAT = "format";
    static final String FORMAT_NAME = "kvasir-trace";
    static final String VERSION = "format_version";
    /** The version of the format that this Kvasir writes and reads. */
    static final int CURRENT_VERSION = 1;
    static final String PROMPT_TOKENS = "prompt_tokens";

    private static final long LARGEST_HASHED = 1L << 30; // bytes: about a second

    private TraceHeader() {}

    /**
     * The fields by name, in order.
     *
     * @param command that makes the run
     * @param contextTokens tokens that the sequence has room for
     * @param seed of the sampler, or of the hidden number
     */
    public static Map<String, @Nullable Object> of(String command, OpenModel open, CacheOptions options,
            int contextTokens, long seed) {
        var shape = open.model().config().cacheShape();
        boolean ofTokens = options.policy() instanceof TokenPolicy;
        Build build = Build.current();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(FORMAT, FORMAT_NAME);
        fields.put(VERSION, CURRENT_VERSION);
        fields.put("kvasir", build.version());
        fields.put("commit", build.commit());
        fields.put("command", command);
        fields.put("model", String.valueOf(open.file().getFileName()));
        putFile(fields, open.file());
        fields.put("engine", open.model().options().kind().optionName());
        fields.put("seed", seed);
        fields.put("layers", shape.layers());
        fields.put("query_heads", shape.queryHeads());
        fields.put("kv_heads", shape.kvHeads());
        fields.put("groups", ofTokens ? shape.kvHeads() : options.groups().of(shape.kvHeads()));
        fields.put("unit", ofTokens ? "token" : "page");
        fields.put("tokens_per_page", ofTokens ? 1 : options.pageSize());
        fields.put("context_tokens", contextTokens);
        fields.put(PROMPT_TOKENS, null);
        fields.put("cache", Origin.cache(options));
        return fields;
    }

    private static void putFile(Map<String, @Nullable Object> fields, Path file) {
        try {
            long bytes = Files.size(file);
            fields.put("model_bytes", bytes);
            fields.put("model_sha256", bytes > LARGEST_HASHED ? null : Hashes.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
