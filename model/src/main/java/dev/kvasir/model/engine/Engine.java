package dev.kvasir.model.engine;

import dev.kvasir.kvcache.KvDeviceFactory;
import dev.kvasir.model.transformer.Ops;

/** Who multiplies, and where pages live. */
public interface Engine extends AutoCloseable {

    /** The engine of these options. */
    static Engine of(EngineOptions options) {
        return switch (options.kind()) {
            case REFERENCE -> new ReferenceEngine();
            case VECTOR -> new VectorEngine(options);
        };
    }

    /** The operations of the transformer. */
    Ops ops();

    /** Makes the devices that caches keep their pages on. */
    KvDeviceFactory devices();

    @Override
    void close();
}
