package dev.kvasir.model.engine.tornado;

import dev.kvasir.kernels.launch.Device;
import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.KvCaches;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.paged.graph.TornadoFrames;
import dev.kvasir.kvcache.paged.graph.TornadoSettings;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.transfer.PageCopies;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.config.ModelException;
import dev.kvasir.model.engine.Engine;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.Rope;
import dev.kvasir.model.transformer.WeightPacker;
import dev.kvasir.model.transformer.Weights;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs whole models as TornadoVM task graphs: weights, activations, frames, digests and page tables are on the device. A
 * JVM without TornadoVM runs the same graphs on the simulator.
 */
public final class TornadoEngine implements Engine {
    private static final Set<String> NVIDIA = Set.of("PTX", "CUDA");

    private final DevicePacker packer = new DevicePacker();
    private final Device device;
    private final EngineOptions options;
    private @Nullable Weights packed;
    private @Nullable DeviceWeights weights;

    private TornadoEngine(Device device, EngineOptions options) {
        this.device = device;
        this.options = options;
    }

    /**
     * The engine on the device of these options.
     *
     * @throws ModelException if the options name {@code tornado} and this JVM was started for {@code sim}, or the other
     *             way round
     * @throws dev.kvasir.kernels.launch.DeviceException if TornadoVM does not start or finds no device
     */
    public static TornadoEngine of(EngineOptions options) {
        check(options.kind());
        TornadoSettings.make();
        var device = options.device().isEmpty() ? Devices.all().getFirst() : Devices.named(options.device());
        if (options.pageCopies() == PageCopies.STREAM && !NVIDIA.contains(device.backend())) {
            throw new IllegalArgumentException(
                    "EngineOptions.pageCopies stream calls the driver of NVIDIA devices, but %s %s runs on %s: set EngineOptions.pageCopies to staged, or choose a device of PTX or CUDA"
                            .formatted(device.id(), device.name(), device.backend()));
        }
        return new TornadoEngine(device, options);
    }

    private static void check(EngineKind kind) {
        if (kind == EngineKind.TORNADO && !Devices.areReal()) {
            throw new ModelException(
                    "the engine tornado needs TornadoVM, but this JVM was started without it: install an SDK with `sdk install tornadovm` (SDKMAN), set TORNADOVM_HOME to its folder, and start with java -jar runner.jar or @$TORNADOVM_HOME/tornado-argfile");
        }
        if (kind == EngineKind.SIM && Devices.areReal()) {
            throw new ModelException(
                    "the engine sim replaces TornadoVM, but this JVM was started with TornadoVM: start without its argfile, or set EngineOptions.kind to tornado");
        }
    }

    @Override
    public WeightPacker packer() {
        return packer;
    }

    @Override
    public KvCache newCache(ModelConfig config, Weights model, CacheOptions cacheOptions, int contextTokens,
            int sequences, CacheEvents events, LongConsumer allocating) {
        if (cacheOptions.kvType() == KvType.F16 && !device.half()) {
            throw new IllegalArgumentException(
                    "the device %s %s has no half precision, but f16 pages need it: set CacheOptions.kvType to f32"
                            .formatted(
                                    device.id(), device.name()));
        }
        if (cacheOptions.policy() instanceof TokenPolicy policy) {
            throw new IllegalArgumentException(
                    "policy %s keeps single tokens, but the engine %s has kernels for pages only: set EngineOptions.kind to vector, or choose one of the page policies %s"
                            .formatted(policy.name(), options.kind().optionName(), pagePolicies()));
        }
        var cache = KvCaches.createOnGraphs(config.cacheShape(), cacheOptions, contextTokens, sequences, layout -> {
            allocating.accept(layout.frames() * layout.geometry().frameBytes());
            return new TornadoFrames(layout, options.pageCopies());
        }, events);
        try {
            return new TornadoCache(this, cache, decoder(config, model, (TornadoFrames) cache.device()));
        } catch (Throwable e) {
            cache.close();
            throw e;
        }
    }

    private static String pagePolicies() {
        return Policies.all()
                .stream()
                .filter(PagePolicy.class::isInstance)
                .map(CachePolicy::name)
                .collect(Collectors.joining(", "));
    }

    private TornadoDecoder decoder(ModelConfig config, Weights model, TornadoFrames frames) {
        return new TornadoDecoder(config, onDevice(config, model), new Rope(config.rope(), model.ropeFactors()),
                frames, options.prefillChunk(), plan -> {
                    if (!options.device().isEmpty()) {
                        plan.withDevice(device.tornado());
                    }
                    if (options.pageCopies() == PageCopies.STAGED) { // otherwise all kernels must use one stream, so that copies can wait for it
                        plan.withIntraPlanConcurrency();
                    }
                });
    }

    /** The weights for the device, copied from the file once. */
    private DeviceWeights onDevice(ModelConfig config, Weights model) {
        var ready = weights;
        if (ready == null || packed != model) {
            ready = DeviceWeights.of(config, model, device.half());
            weights = ready;
            packed = model;
        }
        return ready;
    }

    @Override
    public Decoder decoder(ModelConfig config, Weights model, KvCache cache, int maxBatch, int prefillChunk) {
        if (!(cache instanceof TornadoCache own) || own.engine() != this) {
            throw new IllegalArgumentException(
                    "this cache was not made by the model that is to use it: make one with Model.newCache");
        }
        var decoder = own.decoder();
        if (maxBatch > decoder.rows()) {
            throw new IllegalArgumentException(
                    "a batch of %d sequences does not fit the graphs of a cache made for %d: make the cache for that many"
                            .formatted(maxBatch, decoder.rows()));
        }
        return decoder;
    }

    @Override
    public void close() {}
}
