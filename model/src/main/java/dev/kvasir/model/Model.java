package dev.kvasir.model;

import dev.kvasir.kvcache.KvCache;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.transformer.Ops;
import dev.kvasir.model.transformer.Transformer;
import dev.kvasir.model.transformer.Weights;

/** A model in memory, ready to be run on one engine. Its sessions take turns: one call at a time. */
public final class Model implements AutoCloseable {
    private final ModelConfig config;
    private final Weights weights;
    private final Ops ops;
    private final EngineOptions options;

    Model(ModelConfig config, Weights weights, Ops ops, EngineOptions options) {
        this.config = config;
        this.weights = weights;
        this.ops = ops;
        this.options = options;
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /** How it is run. */
    public EngineOptions options() {
        return options;
    }

    /** Opens one sequence of up to {@code maxTokens} tokens in a cache made for this model. */
    public Session openSession(KvCache cache, int maxTokens) {
        return new Session(transformer(1), cache.open(maxTokens), maxTokens, config.vocabulary());
    }

    /** Opens room for up to {@code maxSequences} sequences in a cache made for this model. */
    public Batch openBatch(KvCache cache, int maxSequences) {
        return new Batch(transformer(maxSequences), cache, maxSequences, config.vocabulary());
    }

    private Transformer transformer(int maxBatch) {
        return new Transformer(config, weights, ops, maxBatch, options.prefillChunk());
    }

    @Override
    public void close() {
        ops.close();
    }
}
