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
