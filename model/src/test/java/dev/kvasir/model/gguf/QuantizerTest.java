package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QuantizerTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"F32, 0, 0, 0", "F16, 1, 3, 0.001", "BF16, 32, 3, 0.008", "Q8_0, 7, 2, 0.01", "Q4_0, 2, 2, 0.15"})
    void matricesAreConvertedAndStayClose(TensorType type, int fileType, int converted, double tolerance)
            throws Exception {
        Path out = folder.resolve("out.gguf");
        try (GgufFile in = GgufFile.open(model(TensorType.F32))) {
            Quantizer.Result result = Quantizer.quantize(in, out, type, WriteProgress.NONE);
            assertThat(result.converted()).isEqualTo(converted);
            assertThat(result.converted() + result.kept()).isEqualTo(5);
            assertThat(result.bytesBefore()).isEqualTo(in.bytes());
            assertThat(result.bytesAfter()).isEqualTo(Files.size(out));
            try (GgufFile file = GgufFile.open(out)) {
                assertThat(file.metadata().requireInt("general.file_type")).isEqualTo(fileType);
                assertThat(file.metadata().optInt("general.quantization_version"))
                        .isEqualTo(type.isQuantized() ? Optional.of(2) : Optional.empty());
                assertThat(file.metadata().requireString("general.name")).isEqualTo("test");
                for (String name : List.of("wide.weight", "tall.weight")) {
                    assertThat(file.tensor(name).orElseThrow().type()).isEqualTo(type);
                    assertThat(relativeError(in.vector(name), file.vector(name))).isLessThanOrEqualTo(tolerance);
                }
            }
        }
    }

    @Test
    void vectorsAndRowsThatDoNotFitStay() throws Exception {
        Path out = folder.resolve("out.gguf");
        try (GgufFile in = GgufFile.open(model(TensorType.F32))) {
            Quantizer.quantize(in, out, TensorType.Q8_0, WriteProgress.NONE);
            try (GgufFile file = GgufFile.open(out)) {
                for (String name : List.of("norm.weight", "odd.weight", "table.bias")) {
                    GgufTensor kept = file.tensor(name).orElseThrow();
                    assertThat(kept.type()).isEqualTo(TensorType.F32);
                    assertThat(kept.data().mismatch(in.tensor(name).orElseThrow().data())).isEqualTo(-1);
                }
                assertThat(file.tensors().stream().map(GgufTensor::name))
                        .containsExactlyElementsOf(in.tensors().stream().map(GgufTensor::name).toList());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void everyReadableTypeCanBeTheSource(TensorType from) throws Exception {
        Path made = folder.resolve("made.gguf");
        Path out = folder.resolve("out.gguf");
        new RandomModel("llama", 64, 1, 256, 2, 1, 128, 256, 300, from, false, 1).write(made, WriteProgress.NONE);
        try (GgufFile in = GgufFile.open(made)) {
            Quantizer.quantize(in, out, TensorType.Q8_0, WriteProgress.NONE);
            try (GgufFile file = GgufFile.open(out)) {
                String name = "blk.0.ffn_down.weight";
                assertThat(file.tensor(name).orElseThrow().type()).isEqualTo(TensorType.Q8_0);
                assertThat(relativeError(in.vector(name), file.vector(name))).isLessThan(0.01);
            }
        }
    }

    @Test
    void readingAndWritingTheSameFileIsRefused() throws Exception {
        Path path = model(TensorType.F32);
        byte[] before = Files.readAllBytes(path);
        Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), path);
        try (GgufFile in = GgufFile.open(path)) {
            for (Path out : List.of(path, link, folder.resolve("x/..").resolve(path.getFileName()).normalize())) {
                assertThatThrownBy(() -> Quantizer.quantize(in, out, TensorType.Q8_0, WriteProgress.NONE))
                        .isInstanceOf(GgufException.class)
                        .hasMessageContaining("cannot be read and written at the same time");
            }
        }
        assertThat(path).hasBinaryContent(before);
    }

    @Test
    void typesThatAreOnlyReadAreRefused() throws Exception {
        try (GgufFile in = GgufFile.open(model(TensorType.F32))) {
            assertThatThrownBy(() -> Quantizer.quantize(in, folder.resolve("out.gguf"), TensorType.Q4_K,
                    WriteProgress.NONE)).isInstanceOf(GgufException.class)
                    .hasMessage("Q4_K can be read but not written; quantise to q8_0 or q4_0");
        }
        assertThat(folder.resolve("out.gguf")).doesNotExist();
    }

    private Path model(TensorType type) throws Exception {
        Path path = folder.resolve("%s.gguf".formatted(type));
        new GgufWriter().put("general.name", GgufValue.of("test"))
                .put("general.file_type", GgufValue.of(99))
                .tensor("wide.weight", List.of(96, 7), random(96 * 7))
                .tensor("tall.weight", List.of(32, 20_000), random(32 * 20_000))
                .tensor("odd.weight", List.of(20, 3), random(60))
                .tensor("table.bias", List.of(32, 2), random(64))
                .tensor("norm.weight", List.of(32), random(32))
                .write(path);
        return path;
    }

    private static float[] random(int size) {
        var random = new SplittableRandom(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double relativeError(float[] expected, float[] actual) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(expected[i] - actual[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / norm);
    }
}
