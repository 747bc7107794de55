package dev.kvasir.model.engine;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.repack.RepackCache;
import dev.kvasir.model.repack.RepackPlaces;
import dev.kvasir.model.transformer.Ops;
import dev.kvasir.model.transformer.WeightPacker;

/** Vector API kernels on one team of workers for weights and pages. */
public final class VectorEngine implements CallEngine {
    private final Workers workers;
    private final VectorOps ops;
    private final RepackPlaces repackPlaces;

    /** Starts the workers. */
    VectorEngine(EngineOptions options) {
        workers = new Workers(options.threads());
        ops = new VectorOps(workers, options.activations());
        repackPlaces = options.repackPlaces();
    }

    @Override
    public WeightPacker packer(GgufFile model) {
        if (!repackPlaces.isEmpty()) {
            ops.use(new RepackCache(repackPlaces, model, workers));
        }
        return ops;
    }

    @Override
    public Ops ops() {
        return ops;
    }

    @Override
    public KvDeviceFactory devices() {
        return (geometry, frames) -> new VectorKvDevice(geometry, frames, workers);
    }

    @Override
    public void close() {
        ops.close();
        workers.close();
    }
}
