package dev.kvasir.kernels.form;

import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.matrix.machine.AmxMatMul;
import dev.kvasir.kernels.matrix.vector.MatVec;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.vector.CodeReader;
import dev.kvasir.kernels.page.vector.HalvesReader;
import dev.kvasir.kernels.page.vector.PageReader;
import dev.kvasir.kernels.page.vector.PanelReader;
import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.simd.VectorModule;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The forms of the CPU kernels that run on this machine, in words: {@code kernels vector 512 bits; attention (f16 pages of
 * 32) machine code; …; q4_k vectors: no machine code for this type; …}. Each entry comes from the place that chooses.
 */
public final class Forms {
    private static final String CODE = "machine code";
    private static final String VECTORS = "vectors";
    private static final int WIDEST = 512;

    private Forms() {}

    /**
     * One line: the width of vectors, then attention, digests, each type of weights and prompts, with the reason wherever
     * there is a better form that does not run.
     *
     * @param pages the shape of the pages of a cache
     * @param weights the types of the model's matrices
     * @param activations what 4-bit weights are multiplied with
     * @throws IllegalStateException if this JVM has no Vector API
     */
    public static String line(PageGeometry pages, Set<TensorType> weights, ActivationType activations) {
        List<Form> forms = of(pages, weights, activations); // first: it refuses a JVM without the Vector API
        return forms.stream()
                .map(Form::inWords)
                .collect(Collectors.joining("; ", "kernels vector %d bits; ".formatted(Lanes.bits()), ""));
    }

    /** The same, one by one, without the width of vectors. */
    public static List<Form> of(PageGeometry pages, Set<TensorType> weights, ActivationType activations) {
        VectorModule.require();
        var noFrames = new FrameArray(pages, MemorySegment.NULL, 0);
        String type = pages.type().name().toLowerCase(Locale.ROOT);
        String shape = "%s pages of %d".formatted(type, pages.pageSize());
        var forms = new ArrayList<Form>();
        forms.add(reading("attention", shape, PageReader.ofPages(noFrames, 1), pages));
        forms.add(reading("digests", shape, PageReader.ofDigests(noFrames, pages.digestRows(), 1), pages));
        weights.stream().sorted().forEach(each -> forms.add(weights(each, activations)));
        forms.add(prompts(activations));
        return forms;
    }

    private static Form reading(String operation, String shape, PageReader reader, PageGeometry pages) {
        return switch (reader) {
            case CodeReader _ -> new Form(operation, shape, CODE, "");
            case HalvesReader _ -> new Form(operation, shape, VECTORS, whyNoCode(pages));
            case PanelReader _ -> new Form(operation, shape, VECTORS + " on a copy as floats", whyNoCode(pages));
        };
    }

    private static String whyNoCode(PageGeometry pages) {
        if (pages.type() != KvType.F16) {
            return "pages are not f16";
        }
        String lack = lackOfVectors();
        return lack.isEmpty()
                ? "no machine code for %d tokens of %d dimensions".formatted(pages.pageSize(),
                        pages.headDim())
                : lack;
    }

    private static Form weights(TensorType type, ActivationType activations) {
        String name = type.name().toLowerCase(Locale.ROOT);
        if (MatVec.runsMachineCode(type, activations)) {
            return new Form("weights", name, CODE, "");
        }
        return new Form("weights", name, VECTORS, switch (type) {
            case Q8_0, Q5_0 -> lackOfVectors();
            case Q4_0 -> activations == ActivationType.F32
                    ? "activations are f32"
                    : lackOr("this processor has no AVX-512 VNNI");
            default -> "no machine code for this type";
        });
    }

    private static Form prompts(ActivationType activations) {
        if (activations == ActivationType.F32) {
            return new Form("prompts", "", VECTORS, "activations are f32");
        }
        return AmxMatMul.isAvailable()
                ? new Form("prompts", "", CODE + " (AMX)", "")
                : new Form("prompts", "", VECTORS, lackOr("this processor has no AMX"));
    }

    private static String lackOr(String other) {
        String lack = lackOfVectors();
        return lack.isEmpty() ? other : lack;
    }

    /** The reason that there is no machine code with vectors of 512 bits; empty if there is. */
    private static String lackOfVectors() {
        if (!MachineCode.isAllowed()) {
            return "machine code is off, or not for this processor";
        }
        if (!MachineCode.hasVectors()) {
            return "this processor has no AVX-512";
        }
        return Lanes.bits() == WIDEST ? "" : "vectors are %d bits".formatted(Lanes.bits());
    }
}
