package dev.kvasir.model.engine;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.engine.tornado.TornadoEngine;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.WeightPacker;
import dev.kvasir.model.transformer.Weights;
import java.util.function.LongConsumer;

/** Who multiplies, and where pages live. */
public interface Engine extends AutoCloseable {

    /**
     * The engine of these options.
     *
     * @throws dev.kvasir.model.config.ModelException if this process lacks what it needs: says what, and how to get it
     */
    static Engine of(EngineOptions options) {
        return switch (options.kind()) {
            case REFERENCE -> new ReferenceEngine();
            case VECTOR -> new VectorEngine(options);
            case TORNADO, SIM -> TornadoEngine.of(options);
        };
    }

    /** What weights are loaded with. */
    WeightPacker packer();

    /** As {@link #packer()}, for the weights of one file: an engine that keeps packed weights may have those of this one. */
    default WeightPacker packer(GgufFile model) {
        return packer();
    }

    /**
     * Makes a cache for a model whose weights this engine's {@link #packer} has packed.
     *
     * @param contextTokens tokens of the longest sequence to come
     * @param sequences how many such sequences at once
     * @param allocating is told the bytes of the frames before they are allocated
     * @throws IllegalArgumentException if the options contradict each other, the model or the engine
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the memory given is too small
     */
    KvCache newCache(ModelConfig config, Weights weights, CacheOptions options, int contextTokens, int sequences,
            CacheEvents events, LongConsumer allocating);

    /**
     * Runs the model over a cache that was made for it.
     *
     * @param maxBatch sequences of a step, at most
     * @param prefillChunk tokens of a prompt that go through a layer together
     * @throws IllegalArgumentException if the engine cannot run this cache, or not so many sequences at once
     */
    Decoder decoder(ModelConfig config, Weights weights, KvCache cache, int maxBatch, int prefillChunk);

    @Override
    void close();
}
