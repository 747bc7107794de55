package dev.kvasir.model.transformer;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.config.ModelException;
import dev.kvasir.model.config.RopeConfig;
import dev.kvasir.model.config.RopePairing;
import dev.kvasir.model.config.RopeScaling;
import dev.kvasir.model.engine.ReferenceEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WeightsLoaderTest {
    private static final ModelConfig CONFIG = new ModelConfig("llama", 32, 8, 1, 2, 1, 4, 6, 10, 1e-5f,
            new RopeConfig(RopePairing.INTERLEAVED, 4, 10000, new RopeScaling.None()));
    private final Map<String, Matrix> tensors = tensors();
    private final WeightPacker packer = new ReferenceEngine().packer();

    @Test
    void findsAllWeightsAndTiesTheOutputToTheEmbedding() {
        Weights weights = load();
        assertThat(weights.layers()).hasSize(1);
        assertThat(weights.layers()[0].qkv().weights()).extracting(PackedWeight::rows).containsExactly(8, 4, 4);
        assertThat(weights.output().weights()[0].rows()).isEqualTo(10);
        assertThat(weights.layers()[0].queryNorm()).isEmpty();
        assertThat(weights.ropeFactors()).isEmpty();
    }

    @Test
    void takesEveryBiasThatTheFileHas() {
        tensors.put("blk.0.attn_k.bias", tensor(1, 4));
        tensors.put("blk.0.ffn_down.bias", tensor(1, 8));
        LayerWeights layer = load().layers()[0];
        assertThat(layer.qkv().biases()[0]).isEmpty();
        assertThat(layer.qkv().biases()[1]).containsExactly(0, 1, 2, 3);
        assertThat(layer.down().biases()[0]).hasSize(8);
    }

    @Test
    void missingTensorIsNamed() {
        tensors.remove("blk.0.ffn_up.weight");
        assertThatThrownBy(this::load).isInstanceOf(ModelException.class)
                .hasMessage(
                        "m.gguf: tensor blk.0.ffn_up.weight is missing, but architecture llama needs it: convert the model again");
    }

    @Test
    void wrongShapeIsNamedWithBothShapes() {
        tensors.put("blk.0.attn_k.weight", tensor(8, 8));
        assertThatThrownBy(this::load).isInstanceOf(ModelException.class)
                .hasMessage(
                        "m.gguf: tensor blk.0.attn_k.weight has shape [8, 8], but by the metadata it must have [4, 8]: convert the model again");
        tensors.put("blk.0.attn_k.weight", tensor(4, 8));
        tensors.put("rope_freqs.weight", tensor(1, 3));
        assertThatThrownBy(this::load).isInstanceOf(ModelException.class)
                .hasMessageContaining("rope_freqs.weight has shape [3], but by the metadata it must have [2]");
    }

    private Weights load() {
        return new WeightsLoader("m.gguf", tensors::get, CONFIG, packer).load();
    }

    private static Map<String, Matrix> tensors() {
        var tensors = new HashMap<String, Matrix>();
        tensors.put("token_embd.weight", tensor(10, 8));
        tensors.put("output_norm.weight", tensor(1, 8));
        tensors.put("blk.0.attn_norm.weight", tensor(1, 8));
        tensors.put("blk.0.attn_q.weight", tensor(8, 8));
        tensors.put("blk.0.attn_k.weight", tensor(4, 8));
        tensors.put("blk.0.attn_v.weight", tensor(4, 8));
        tensors.put("blk.0.attn_output.weight", tensor(8, 8));
        tensors.put("blk.0.ffn_norm.weight", tensor(1, 8));
        tensors.put("blk.0.ffn_gate.weight", tensor(6, 8));
        tensors.put("blk.0.ffn_up.weight", tensor(6, 8));
        tensors.put("blk.0.ffn_down.weight", tensor(8, 6));
        return tensors;
    }

    private static Matrix tensor(int rows, int cols) {
        var data = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, (long) rows * cols);
        for (int i = 0; i < rows * cols; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
        }
        return new Matrix(TensorType.F32, data, rows, cols);
    }
}
