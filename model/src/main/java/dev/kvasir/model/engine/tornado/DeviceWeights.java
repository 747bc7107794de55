package dev.kvasir.model.engine.tornado;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.config.ModelException;
import dev.kvasir.model.engine.tornado.DevicePacker.InFile;
import dev.kvasir.model.transformer.LayerWeights;
import dev.kvasir.model.transformer.Linear;
import dev.kvasir.model.transformer.PackedWeight;
import dev.kvasir.model.transformer.Weights;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The weights of a model in arrays for a device, in their file type.
 *
 * @param output {@code embedding} itself if the model ties both
 */
record DeviceWeights(Matrix embeddingInFile, DeviceMatrix embedding, Layer[] layers, FloatArray outputNorm,
        DeviceMatrix output) {

    /**
     * One layer.
     *
     * @param qkv query, key and value matrix below each other
     * @param qkvBias {@code [rows of qkv]}, zeros if there is none
     * @param queryNorm one zero if there is none
     * @param gateUp gate and up matrix below each other
     */
    record Layer(FloatArray attentionNorm, DeviceMatrix qkv, FloatArray qkvBias, boolean normsHeads,
            FloatArray queryNorm, FloatArray keyNorm, DeviceMatrix attentionOutput, FloatArray feedForwardNorm,
            DeviceMatrix gateUp, DeviceMatrix down) {}

    /**
     * Copies weights from the file.
     *
     * @param nativeHalf whether the device has 16-bit floats
     * @throws ModelException if the model has a bias that the kernels do not add
     */
    static DeviceWeights of(ModelConfig config, Weights weights, boolean nativeHalf) {
        Layer[] layers = Arrays.stream(weights.layers())
                .parallel()
                .map(layer -> layer(config, layer, nativeHalf))
                .toArray(Layer[]::new);
        var embedding = DeviceMatrix.of(nativeHalf, weights.embedding());
        noBias("output", weights.output());
        boolean tied = inFile(weights.output().weights()[0]) == weights.embedding();
        return new DeviceWeights(weights.embedding(), embedding, layers, array(weights.outputNorm()),
                tied ? embedding : matrix(nativeHalf, weights.output()));
    }

    private static Layer layer(ModelConfig config, LayerWeights w, boolean nativeHalf) {
        noBias("attn_output", w.attentionOutput());
        noBias("ffn_gate or ffn_up", w.gateUp());
        noBias("ffn_down", w.down());
        if (w.queryNorm().length > 0 != w.keyNorm().length > 0) {
            throw new ModelException(
                    "query and key heads are not both normed: set EngineOptions.kind to vector for this model");
        }
        float[] bias = new float[config.queryWidth() + 2 * config.kvWidth()];
        int at = 0;
        for (int m = 0; m < 3; m++) {
            float[] part = w.qkv().biases()[m];
            System.arraycopy(part, 0, bias, at, part.length);
            at += w.qkv().weights()[m].rows();
        }
        return new Layer(array(w.attentionNorm()), matrix(nativeHalf, w.qkv()), array(bias),
                w.queryNorm().length > 0, array(w.queryNorm()), array(w.keyNorm()),
                matrix(nativeHalf, w.attentionOutput()), array(w.feedForwardNorm()), matrix(nativeHalf, w.gateUp()),
                matrix(nativeHalf, w.down()));
    }

    private static void noBias(String name, Linear linear) {
        for (float[] bias : linear.biases()) {
            if (bias.length > 0) {
                throw new ModelException(
                        "the model has a bias on %s, for which there is no TornadoVM kernel: set EngineOptions.kind to vector for it"
                                .formatted(name));
            }
        }
    }

    private static DeviceMatrix matrix(boolean nativeHalf, Linear linear) {
        return DeviceMatrix.of(nativeHalf,
                Arrays.stream(linear.weights()).map(DeviceWeights::inFile).toArray(Matrix[]::new));
    }

    private static Matrix inFile(PackedWeight weight) {
        return ((InFile) weight).matrix();
    }

    private static FloatArray array(float[] values) {
        return values.length == 0 ? new FloatArray(1) : FloatArray.fromArray(values);
    }
}
