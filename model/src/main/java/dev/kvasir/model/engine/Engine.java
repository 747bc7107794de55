package dev.kvasir.model.engine;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.engine.tornado.TornadoEngine;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.WeightPacker;
import dev.kvasir.model.transformer.Weights;
import java.util.function.LongConsumer;

/** Computes with weights and creates caches, on one kind of device. */
public interface Engine extends AutoCloseable {

    /**
     * The engine of these options.
     *
     * @throws dev.kvasir.model.config.ModelException if this process lacks a requirement; the message explains how to
     *             get it
     */
    static Engine of(EngineOptions options) {
        return switch (options.kind()) {
            case REFERENCE -> new ReferenceEngine();
            case VECTOR -> new VectorEngine(options);
            case TORNADO, SIM -> TornadoEngine.of(options);
        };
    }

    /** Packs weights for this engine. */
    WeightPacker packer();

    /**
     * As {@link #packer()}, for the weights of one file. An engine may keep packed weights of files and use them again.
     */
    default WeightPacker packer(GgufFile model) {
        return packer();
    }

    /**
     * Creates a cache for a model whose weights were packed by this engine's {@link #packer}.
     *
     * @param contextTokens tokens of the longest sequence
     * @param sequences number of such sequences at the same time
     * @param allocating receives the bytes of the frames before they are allocated
     * @throws IllegalArgumentException if the options contradict each other, the model or the engine
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the given memory is too small
     */
    KvCache newCache(ModelConfig config, Weights weights, CacheOptions options, int contextTokens, int sequences,
            CacheEvents events, LongConsumer allocating);

    /**
     * Creates a decoder for the model with a cache that was made for it.
     *
     * @param maxBatch largest number of sequences of a step
     * @param prefillChunk tokens of a prompt that go through a layer together
     * @throws IllegalArgumentException if the engine cannot run this cache, or not with {@code maxBatch} sequences
     */
    Decoder decoder(ModelConfig config, Weights weights, KvCache cache, int maxBatch, int prefillChunk);

    @Override
    void close();
}
