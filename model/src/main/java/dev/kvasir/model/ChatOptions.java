package dev.kvasir.model;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.sampling.SamplerOptions;
import java.util.List;

/**
 * The options of a {@link Chat}.
 *
 * @param system instructions to the model before the conversation; may be empty
 * @param contextTokens tokens of the longest conversation
 * @param maxTokens new tokens of an answer at most
 * @param sampling how tokens are drawn, with the seed
 * @param stops texts that end an answer; they are not part of it
 * @param cache what the KV cache keeps
 * @param listener is told of tokens and of what happens in the cache
 */
public record ChatOptions(String system, int contextTokens, int maxTokens, SamplerOptions sampling, List<String> stops,
        CacheOptions cache, ChatListener listener) {

    public ChatOptions {
        stops = List.copyOf(stops);
        if (stops.contains("")) {
            throw new IllegalArgumentException(
                    "an empty text ends every answer at once: give stops of one letter or more");
        }
        if (maxTokens < 0) {
            throw new IllegalArgumentException("an answer of %d tokens: give 0 or more".formatted(maxTokens));
        }
    }

    /** No instructions and no stops, the most likely token each time, everything kept, at most 4096 tokens in all. */
    public static ChatOptions greedy() {
        return new ChatOptions("", 4096, 512, SamplerOptions.greedy(), List.of(), CacheOptions.FULL, ChatListener.NONE);
    }

    public ChatOptions withSystem(String text) {
        return new ChatOptions(text, contextTokens, maxTokens, sampling, stops, cache, listener);
    }

    public ChatOptions withContextTokens(int tokens) {
        return new ChatOptions(system, tokens, maxTokens, sampling, stops, cache, listener);
    }

    public ChatOptions withMaxTokens(int tokens) {
        return new ChatOptions(system, contextTokens, tokens, sampling, stops, cache, listener);
    }

    public ChatOptions withSampling(SamplerOptions options) {
        return new ChatOptions(system, contextTokens, maxTokens, options, stops, cache, listener);
    }

    public ChatOptions withStops(String... texts) {
        return new ChatOptions(system, contextTokens, maxTokens, sampling, List.of(texts), cache, listener);
    }

    public ChatOptions withCache(CacheOptions options) {
        return new ChatOptions(system, contextTokens, maxTokens, sampling, stops, options, listener);
    }

    public ChatOptions withListener(ChatListener newListener) {
        return new ChatOptions(system, contextTokens, maxTokens, sampling, stops, cache, newListener);
    }
}
