package dev.kvasir.kernels.form;

import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.matrix.machine.AmxMatMul;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.TensorType;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs at each width of vectors, and with machine code and without. */
class FormsTest {
    private static final PageGeometry PAGES = new PageGeometry(32, 1, 64, KvType.F16);

    private static final boolean CODE = MachineCode.hasVectors() && Lanes.bits() == 512;

    private static String line(TensorType... weights) {
        return Forms.line(PAGES, Set.of(weights), ActivationType.INT8);
    }

    @Test
    void lineStatesTheWidthAndEachForm() {
        String form = CODE ? "machine code" : "vectors: ";
        assertThat(line(TensorType.Q8_0)).startsWith("kernels vector %d bits; attention ".formatted(Lanes.bits()))
                .contains("attention (f16 pages of 32) " + form)
                .contains("digests " + form)
                .contains("q8_0 " + form)
                .contains(AmxMatMul.isAvailable() ? "prompts machine code (AMX)" : "prompts vectors: ")
                .doesNotContain("\n")
                .doesNotContain(": ;");
    }

    @Test
    void withoutMachineCodeEveryEntryNamesTheReason() {
        if (!MachineCode.isAllowed()) {
            String reason = "vectors: machine code is off, or not for this processor";
            assertThat(line(TensorType.Q8_0, TensorType.Q4_0)).contains("q4_0 " + reason + "; q8_0 " + reason)
                    .contains("prompts " + reason)
                    .doesNotContain(" machine code;");
        }
    }

    @Test
    void aNarrowVectorIsAReason() {
        if (MachineCode.hasVectors() && !CODE) {
            assertThat(line(TensorType.Q8_0)).contains("q8_0 vectors: vectors are %d bits".formatted(Lanes.bits()));
        }
    }

    @Test
    void typesWithoutMachineCodeAndFloatActivationsAreReasons() {
        assertThat(line(TensorType.Q4_K)).contains("q4_k vectors: no machine code for this type");
        assertThat(Forms.line(PAGES, EnumSet.of(TensorType.Q4_0), ActivationType.F32))
                .contains("q4_0 vectors: activations are f32")
                .contains("prompts vectors: activations are f32");
    }

    @Test
    void pagesThatMachineCodeCannotReadAreReasons() {
        assertThat(Forms.line(new PageGeometry(32, 1, 64, KvType.F32), Set.of(), ActivationType.INT8))
                .contains("attention (f32 pages of 32) vectors on a copy as floats: pages are not f16");
        if (CODE) {
            assertThat(Forms.line(new PageGeometry(32, 1, 96, KvType.F16), Set.of(), ActivationType.INT8))
                    .contains("attention (f16 pages of 32) vectors: no machine code for 32 tokens of 96 dimensions")
                    .contains("digests machine code");
        }
    }
}
