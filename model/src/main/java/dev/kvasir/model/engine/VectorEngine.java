package dev.kvasir.model.engine;

import dev.kvasir.kernels.form.Forms;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.VectorModule;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.repack.RepackCache;
import dev.kvasir.model.repack.RepackPlaces;
import dev.kvasir.model.transformer.Ops;
import dev.kvasir.model.transformer.WeightPacker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Vector API kernels on one team of workers for weights and pages. */
public final class VectorEngine implements CallEngine {
    private static final Logger LOG = LoggerFactory.getLogger(VectorEngine.class);

    private final Workers workers;
    private final VectorOps ops;
    private final ActivationType activations;
    private final RepackPlaces repackPlaces;
    private @Nullable PageGeometry told;

    /**
     * Starts the workers.
     *
     * @throws IllegalStateException if this JVM was started without the Vector API
     */
    public VectorEngine(EngineOptions options) {
        VectorModule.require();
        workers = new Workers(options.threads());
        ops = new VectorOps(workers, options.activations());
        activations = options.activations();
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
        return (geometry, frames) -> {
            tellForms(geometry);
            return new VectorKvDevice(geometry, frames, workers);
        };
    }

    /** The forms of the kernels that run for the weights loaded and pages of this shape, and why not better ones: one line. */
    public String forms(PageGeometry pages) {
        return Forms.line(pages, ops.weightTypes(), activations);
    }

    private void tellForms(PageGeometry pages) {
        if (!pages.equals(told)) {
            KernelFormEvent.add(Forms.of(pages, ops.weightTypes(), activations));
            if (LOG.isDebugEnabled()) {
                LOG.debug("{}", forms(pages));
            }
            told = pages;
        }
    }

    @Override
    public void close() {
        ops.close();
        workers.close();
    }
}
