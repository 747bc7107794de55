package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class UnreadTensorTest {
    private static final int F32 = TensorType.F32.id();

    @TempDir
    private Path folder;

    private GgufFile open(RawGguf file) throws IOException {
        return GgufFile.open(Files.write(folder.resolve("t.gguf"), file.bytes()));
    }

    @ParameterizedTest
    @CsvSource({"10, Q2_K, 84", "20, IQ4_NL, 144", "23, IQ4_XS, 136", "27, I64, 2048", "39, MXFP4, 136",
        "999, type 999, -1", "-1, type 4294967295, -1"})
    void aTypeThatKvasirDoesNotReadIsListedWithItsNameAndSize(int id, String name, long bytes) throws Exception {
        try (GgufFile file = open(
                RawGguf.claiming(2, 0).tensor("odd", id, 0, 256).tensor("even", F32, 4096, 4).pad().zeros(8192))) {
            assertThat(file.tensors()).extracting(GgufTensor::name).containsExactly("even");
            assertThat(file.unreadTensors()).singleElement().satisfies(tensor -> {
                assertThat(tensor.name()).isEqualTo("odd");
                assertThat(tensor.type()).isEqualTo(name);
                assertThat(tensor.bytes()).isEqualTo(bytes);
                assertThat(tensor.elements()).isEqualTo(256);
            });
            assertThatThrownBy(() -> file.checkRead("odd")).isInstanceOf(GgufException.class)
                    .hasMessageContaining("tensor odd has the type " + name + ", which Kvasir does not read")
                    .hasMessageContaining("F32, F16, Q4_0");
            assertThatThrownBy(() -> file.matrix("odd")).hasMessageContaining("does not read");
            file.checkRead("even");
            file.checkRead("none");
        }
    }

    @Test
    void aTensorWithoutElementsIsListed() throws Exception {
        try (GgufFile file = open(
                RawGguf.claiming(2, 0).tensor("a", F32, 0, 0).tensor("b", F32, 0, 4, 0).pad().zeros(64))) {
            assertThat(file.unreadTensors()).extracting(UnreadTensor::elements).containsExactly(0L, 0L);
            assertThatThrownBy(() -> file.vector("a")).hasMessageContaining("tensor a has no elements");
        }
    }

    @Test
    void aNameThatOccursTwiceIsDamageInBothLists() {
        assertThatThrownBy(
                () -> open(RawGguf.claiming(2, 0).tensor("t", 20, 0, 32).tensor("t", F32, 0, 4).pad().zeros(128)))
                .hasMessageContaining("tensor t occurs twice");
    }

    @Test
    void aPartOfASplitModelOpensAndSaysWhichItIs() throws Exception {
        try (GgufFile file = open(RawGguf.claiming(0, 2).key("split.count", 3).key("split.no", 1))) {
            assertThat(file.part()).contains(new GgufFile.Part(2, 3));
            assertThatThrownBy(file::checkWhole).isInstanceOf(GgufException.class)
                    .hasMessageContaining(
                            "part 2 of a model split into 3 files; join them with llama.cpp's llama-gguf-split");
        }
    }

    @Test
    void quantizeRefusesTensorsThatItCannotRead() throws Exception {
        try (GgufFile file = open(RawGguf.claiming(1, 0).tensor("odd", 20, 0, 256).pad().zeros(256))) {
            assertThatThrownBy(() -> Quantizer.quantize(file, folder.resolve("out.gguf"), TensorType.Q8_0,
                    (tensor, bytes, total) -> {}))
                    .hasMessageContaining("tensor odd has the type IQ4_NL");
            assertThat(folder.resolve("out.gguf")).doesNotExist();
        }
    }
}
