package dev.kvasir.model.engine;

import dev.kvasir.kvcache.KvCaches;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.Ops;
import dev.kvasir.model.transformer.Transformer;
import dev.kvasir.model.transformer.WeightPacker;
import dev.kvasir.model.transformer.Weights;
import java.util.function.LongConsumer;

/** An engine with single operations, which the {@link Transformer} calls one by one. */
public interface CallEngine extends Engine {

    /** The operations of the transformer. */
    Ops ops();

    /** Makes the devices that hold the pages of caches. */
    KvDeviceFactory devices();

    @Override
    default WeightPacker packer() {
        return ops();
    }

    @Override
    default KvCache newCache(ModelConfig config, Weights weights, CacheOptions options, int contextTokens,
            int sequences, CacheEvents events, LongConsumer allocating) {
        KvDeviceFactory told = (geometry, frames) -> {
            allocating.accept(frames * geometry.frameBytes());
            return devices().create(geometry, frames);
        };
        return KvCaches.create(config.cacheShape(), options, contextTokens, sequences, told, events);
    }

    @Override
    default Decoder decoder(ModelConfig config, Weights weights, KvCache cache, int maxBatch, int prefillChunk) {
        return new Transformer(config, weights, ops(), maxBatch, prefillChunk);
    }
}
