package dev.kvasir.runner.command;

import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.gguf.RandomModel;
import dev.kvasir.report.ByteSize;
import dev.kvasir.runner.bench.BenchFormat;
import dev.kvasir.runner.option.VerbosityFlags;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes models with random weights, for benchmarks. */
@Command(name = "random-model", description = {
    "Writes a model with random weights, for benchmarks.", "", "The default shape is that of Llama 3.2 1B.", "",
    "  kvasir random-model 1b-q8_0.gguf --type q8_0",
    "  kvasir random-model small.gguf --layers 8 --width 1024 --kv-heads 16"})
final class RandomModelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Parameters(paramLabel = "OUT.gguf", description = "the file to write")
    private Path target;
    @Option(names = "--architecture", paramLabel = "NAME", description = "llama, qwen2 or qwen3", defaultValue = "llama")
    private String architecture;
    @Option(names = "--layers", paramLabel = "N", description = "layers", defaultValue = "16")
    private int layers;
    @Option(names = "--width", paramLabel = "N", description = "elements of the residual stream", defaultValue = "2048")
    private int width;
    @Option(names = "--heads", paramLabel = "N", description = "query heads", defaultValue = "32")
    private int heads;
    @Option(names = "--kv-heads", paramLabel = "N", description = "key and value heads", defaultValue = "8")
    private int kvHeads;
    @Option(names = "--head-dim", paramLabel = "N", description = "elements of a head", defaultValue = "64")
    private int headDim;
    @Option(names = "--feed-forward", paramLabel = "N", description = "elements inside the feed-forward part", defaultValue = "8192")
    private int feedForward;
    @Option(names = "--vocabulary", paramLabel = "N", description = "size of the vocabulary", defaultValue = "128256")
    private int vocabulary;
    @Option(names = {"-c",
        "--ctx-size"}, paramLabel = "TOKENS", description = "context length that the file states", defaultValue = "131072")
    private int context;
    @Option(names = "--untied", description = "write a separate output matrix, not the embedding table")
    private boolean untied;
    @Option(names = "--type", paramLabel = "TYPE", description = "type of the matrices: q8_0, q4_0, f16, bf16 or f32", defaultValue = "q8_0")
    private TensorType type;
    @Option(names = {"-s",
        "--seed"}, paramLabel = "N", description = "seed of the weights: the same seed writes the same file", defaultValue = "1")
    private long seed;
    @Mixin
    private Targets targets;
    @Mixin
    private VerbosityFlags verbosity;

    @Override
    public Integer call() throws Exception {
        RandomModel made = Usage.of(spec, () -> new RandomModel(architecture, context, layers, width, heads, kvHeads,
                headDim, feedForward, vocabulary, type, !untied, seed));
        targets.check(target, root.process(), spec.commandLine().getErr());
        long bytes;
        try (var line = root.progress(spec, !verbosity.isQuiet())) {
            bytes = made.write(target, (tensor, done, total) -> line.show(done, total, tensor));
        }
        if (!verbosity.isQuiet()) {
            spec.commandLine()
                    .getErr()
                    .printf("%s: %s parameters, %s%n", target, BenchFormat.count(made.parameters()),
                            ByteSize.readable(bytes));
        }
        return 0;
    }
}
