package dev.kvasir.model.engine;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.WeightPacker;
import dev.kvasir.model.transformer.Weights;
import java.util.function.LongConsumer;

/** Multiplies weights, and keeps the pages of caches in its memory. */
public interface Engine extends AutoCloseable {

    /** Packs weights for this engine. */
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
     * @param allocating receives the bytes of the frames before they are allocated
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
