package dev.kvasir.model;

import dev.kvasir.kvcache.CacheOptions;
import dev.kvasir.kvcache.CacheShape;
import dev.kvasir.kvcache.KvCache;
import dev.kvasir.kvcache.PagedCache;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.model.MemoryPlan.Limits;
import dev.kvasir.model.MemoryPlan.Part;
import dev.kvasir.model.MemoryPlan.Place;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.engine.Engine;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.tokenizer.Tokenizer;
import dev.kvasir.model.transformer.Transformer;
import dev.kvasir.model.transformer.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model in memory, ready to be run on one engine. Its sessions take turns: one call at a time.
 *
 * <pre>{@code
 * try (Model model = Model.load(file, EngineOptions.defaults());
 *         PagedCache cache = model.newCache(CacheOptions.FULL, 2048, 1, CacheEvents.NONE);
 *         Session session = model.openSession(cache, 2048)) {
 *     float[] logits = session.prefill(model.tokenizer().orElseThrow().encode("Once upon a time"));
 *     …
 * }
 * }</pre>
 */
public final class Model implements AutoCloseable {
    private final ModelConfig config;
    private final Weights weights;
    private final Engine engine;
    private final EngineOptions options;
    private final Optional<Tokenizer> tokenizer;

    Model(ModelConfig config, Weights weights, Engine engine, EngineOptions options, Optional<Tokenizer> tokenizer) {
        this.config = config;
        this.weights = weights;
        this.engine = engine;
        this.options = options;
        this.tokenizer = tokenizer;
    }

    /**
     * Opens a GGUF file and packs its weights for an engine.
     *
     * @throws dev.kvasir.model.config.ModelException if the model is not supported, damaged, or too large
     */
    public static Model load(Path file, EngineOptions options) {
        throw new UnsupportedOperationException(file + " on " + options);
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /** How it is run. */
    public EngineOptions options() {
        return options;
    }

    /** The tokenizer, if the file has one. */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /** Bytes that the weights take besides the file. */
    public long weightBytes() {
        return weights.bytes();
    }

    /**
     * Makes a cache on this model's engine.
     *
     * @param contextTokens tokens of the longest sequence to come
     * @param sequences how many such sequences at once
     * @throws IllegalArgumentException if the options contradict each other or the model
     * @throws dev.kvasir.kvcache.KvMemoryException if the memory given is too small
     */
    public PagedCache newCache(CacheOptions cacheOptions, int contextTokens, int sequences, CacheEvents events) {
        return PagedCache.create(
                new CacheShape(config.layers(), config.heads(), config.kvHeads(), config.headDim()), cacheOptions,
                contextTokens, sequences, engine.devices(), events);
    }

    /**
     * Opens one sequence of up to {@code maxTokens} tokens in a cache made for this model.
     *
     * @throws dev.kvasir.kvcache.KvMemoryException if the cache cannot hold it
     * @throws dev.kvasir.model.config.ModelException if the buffers do not fit
     */
    public Session openSession(KvCache cache, int maxTokens) {
        checkBuffers(1, maxTokens);
        return new Session(transformer(1), cache.open(maxTokens), maxTokens, config.vocabulary());
    }

    /**
     * Opens room for up to {@code maxSequences} sequences in a cache made for this model.
     *
     * @throws dev.kvasir.model.config.ModelException if the buffers do not fit
     */
    public Batch openBatch(KvCache cache, int maxSequences) {
        checkBuffers(maxSequences, maxSequences);
        return new Batch(transformer(maxSequences), cache, maxSequences, config.vocabulary());
    }

    private void checkBuffers(int sequences, int promptTokens) {
        new MemoryPlan(List.of(
                new Part("buffers of %d sequences".formatted(sequences), Place.HEAP,
                        Transformer.stepBytes(config, sequences), "run fewer sequences at once"),
                new Part("buffers of a prompt of %d tokens".formatted(promptTokens), Place.HEAP,
                        Transformer.prefillBytes(config, promptTokens, options.prefillChunk()), "lower --ctx-size")))
                .check(Limits.current());
    }

    private Transformer transformer(int maxBatch) {
        return new Transformer(config, weights, engine.ops(), maxBatch, options.prefillChunk());
    }

    @Override
    public void close() {
        engine.close();
    }
}
