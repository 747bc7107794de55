package dev.kvasir.runner.command;

import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.Quantizer;
import dev.kvasir.report.ByteSize;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a smaller copy of a model. */
@Command(name = "quantize", description = {"Writes a smaller copy of a model: its matrices in fewer bits.", "",
    "  kvasir quantize model-f16.gguf model-q8_0.gguf --type q8_0"})
final class QuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Parameters(index = "0", paramLabel = "IN.gguf", description = "the model, best in F32, F16 or BF16")
    private String source;
    @Parameters(index = "1", paramLabel = "OUT.gguf", description = "the copy; it appears only once it is complete")
    private Path target;
    @Option(names = "--type", paramLabel = "TYPE", description = "q8_0, q4_0, f16, bf16 or f32", defaultValue = "q8_0")
    private TensorType type;
    @Mixin
    private Targets targets;
    @Mixin
    private VerbosityFlags verbosity;

    @Override
    public Integer call() throws IOException {
        Path file = ModelFlags.named(source, root.process().environment());
        targets.check(target, root.process(), spec.commandLine().getErr());
        Quantizer.Result result;
        try (GgufFile model = GgufFile.open(file);
                var line = root.progress(spec, !verbosity.isQuiet())) {
            result = Quantizer.quantize(model, target, type,
                    (tensor, bytes, total) -> line.show(bytes, total, tensor));
        }
        if (!verbosity.isQuiet()) {
            spec.commandLine()
                    .getErr()
                    .printf("%s: %d tensors now %s, %d as they were; %s, from %s%n", target,
                            result.converted(), type, result.kept(), ByteSize.readable(result.bytesAfter()),
                            ByteSize.readable(result.bytesBefore()));
        }
        return 0;
    }
}
