package dev.kvasir.model;

import dev.kvasir.model.engine.Engine;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.engine.ReferenceEngine;
import dev.kvasir.model.engine.VectorEngine;
import dev.kvasir.model.engine.tornado.TornadoEngine;

/** Creates engines. */
final class Engines {
    private Engines() {}

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
}
