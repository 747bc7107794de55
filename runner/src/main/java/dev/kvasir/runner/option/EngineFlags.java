package dev.kvasir.runner.option;

import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kvcache.transfer.PageCopies;
import dev.kvasir.launch.CacheFolder;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.repack.RepackPlaces;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The engine, and its settings. */
public final class EngineFlags {
    private static final String TORNADO = "tornado";
    private static final String PRINT_KERNEL = "tornado.printKernel";

    @Option(names = "--engine", paramLabel = "NAME", description = "vector (all cores, Vector API), tornado (a GPU or another device of TornadoVM), sim (the kernels of tornado in plain Java, slow) or reference (scalar, slow, the control)", defaultValue = "vector")
    private String engine = "vector";

    @Option(names = {"-t",
        "--threads"}, paramLabel = "N", description = "cores of --engine vector (default: all)")
    private @Nullable Integer threads;

    @Option(names = "--activations", paramLabel = "TYPE", description = "the activations of --engine vector: int8 (rounded to 8 bits for 4-bit weights while decoding, 16-bit floats for prompts where the processor has them; off by up to a percent) or f32 (exact)", defaultValue = "int8")
    private ActivationType activations = ActivationType.INT8;

    @Option(names = "--device", paramLabel = "ID", description = "device of --engine tornado, by id or part of its name; `devices` lists them (default: the first)", defaultValue = "")
    private String device = "";

    @Option(names = "--print-kernel", description = "print the code of each kernel of --engine tornado to stderr")
    private boolean printKernel;

    @Option(names = "--page-copies", paramLabel = "HOW", description = "how --engine tornado copies pages: staged (through arrays that the graphs copy) or stream (by the driver, while kernels run; NVIDIA devices)", defaultValue = "staged")
    private PageCopies pageCopies = PageCopies.STAGED;

    @Option(names = "--repack-cache", arity = "0..1", paramLabel = "FOLDER", fallbackValue = "", description = "write the packed weights of --engine vector to a file, and map it at the next start: beside the model, else in the user's cache folder; or in FOLDER (default: pack at every start)")
    private @Nullable String repackCache;

    /**
     * The options for the model.
     *
     * @throws IllegalArgumentException for values that make no sense
     */
    public EngineOptions options() {
        if (!engine.equals(TORNADO) && (printKernel || !device.isEmpty() || pageCopies != PageCopies.STAGED)) {
            throw new IllegalArgumentException(
                    "--device, --print-kernel and --page-copies are for --engine %s, not %s".formatted(TORNADO,
                            engine));
        }
        if (printKernel) {
            System.setProperty(PRINT_KERNEL, "True"); // TornadoVM reads it when it starts, which is later
        }
        EngineOptions options = EngineOptions.defaults()
                .withKind(EngineKind.named(engine))
                .withDevice(device)
                .withPageCopies(pageCopies)
                .withActivations(activations);
        if (repackCache != null) {
            options = options.withRepackPlaces(repackCache.isEmpty()
                    ? new RepackPlaces(true, CacheFolder.ofThisProcess().stream().toList())
                    : new RepackPlaces(false, List.of(Path.of(repackCache))));
        }
        int cores = Runtime.getRuntime().availableProcessors();
        if (threads != null && threads > cores) {
            throw new IllegalArgumentException(
                    "%d threads are more than the %d cores that this process may use, and would only wait for each other: give -t %d or less"
                            .formatted(threads, cores, cores));
        }
        return threads == null ? options : options.withThreads(threads);
    }
}
