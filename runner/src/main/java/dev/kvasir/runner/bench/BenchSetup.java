package dev.kvasir.runner.bench;

import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.Model;
import dev.kvasir.model.gguf.GgufTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * The properties that all rows of a benchmark share.
 *
 * @param modelFile its path as given
 * @param modelType architecture, size and the type of most of its weights
 * @param modelBytes bytes of its tensors
 * @param parameters elements of its tensors
 * @param bytesPerToken bytes of the tensors that every decoded token reads
 * @param operationsPerToken floating-point operations of each token of a prompt, without attention
 * @param engine the engine's name, llama-bench's backend
 * @param threads number of cores that it uses
 * @param cpu the processor's name
 */
public record BenchSetup(String modelFile, String modelType, long modelBytes, long parameters,
        long bytesPerToken, long operationsPerToken, String engine, int threads, String cpu) {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    /** The setup of a loaded model on this machine. */
    public static BenchSetup of(Model model) {
        Collection<GgufTensor> tensors = model.file().tensors();
        boolean tied = model.file().tensor(OUTPUT).isEmpty();
        Map<TensorType, Long> bytesByType = new EnumMap<>(TensorType.class);
        long parameters = 0;
        long read = 0;
        long multiplied = 0;
        for (GgufTensor tensor : tensors) {
            bytesByType.merge(tensor.type(), tensor.data().byteSize(), Long::sum);
            parameters += tensor.elements();
            // only one row of an embedding table is read, unless it is also the output matrix
            if (tied || !tensor.name().equals(EMBEDDING)) {
                read += tensor.data().byteSize();
            }
            // only the last token of a prompt goes through the output matrix
            if (tensor.dims().size() > 1 && !tensor.name().equals(EMBEDDING) && !tensor.name().equals(OUTPUT)) {
                multiplied += tensor.elements();
            }
        }
        TensorType most = bytesByType.entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(TensorType.F32);
        var options = model.options();
        return new BenchSetup(model.file().path().toString(),
                "%s %s %s".formatted(model.config().architecture(), BenchFormat.count(parameters), most),
                bytesByType.values().stream().mapToLong(Long::longValue).sum(), parameters, read, 2 * multiplied,
                options.kind().optionName(), options.threads(),
                processor());
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // not Linux
        }
    }
}
