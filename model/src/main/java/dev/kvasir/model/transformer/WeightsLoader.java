package dev.kvasir.model.transformer;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.config.ModelException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the weights of a model by their GGUF names, checks every shape against the configuration, and packs them. All
 * checks come before the packing. A bias in the file is used with every architecture.
 */
public final class WeightsLoader {
    private final String source;
    private final Function<String, @Nullable Matrix> tensors;
    private final ModelConfig config;
    private final WeightPacker packer;
    private final Map<String, Matrix> found = new LinkedHashMap<>();

    /**
     * Finds and checks all weights.
     *
     * @param source the file's name, for messages
     * @param tensors returns a tensor by its name, or null if the file has none; vectors have one row
     * @throws ModelException if a tensor is missing or has another shape than in the configuration
     */
    public WeightsLoader(String source, Function<String, @Nullable Matrix> tensors, ModelConfig config,
            WeightPacker packer) {
        this.source = source;
        this.tensors = tensors;
        this.config = config;
        this.packer = packer;
        int width = config.width();
        require("token_embd.weight", config.vocabulary(), width);
        require("output_norm.weight", 1, width);
        optional("output.weight", config.vocabulary(), width);
        optional("output.bias", 1, config.vocabulary());
        optional("rope_freqs.weight", 1, config.rope().dim() / 2);
        for (int i = 0; i < config.layers(); i++) {
            String layer = "blk." + i + ".";
            require(layer + "attn_norm.weight", 1, width);
            linear(layer + "attn_q", config.queryWidth(), width);
            linear(layer + "attn_k", config.kvWidth(), width);
            linear(layer + "attn_v", config.kvWidth(), width);
            optional(layer + "attn_q_norm.weight", 1, config.headDim());
            optional(layer + "attn_k_norm.weight", 1, config.headDim());
            linear(layer + "attn_output", width, config.queryWidth());
            require(layer + "ffn_norm.weight", 1, width);
            linear(layer + "ffn_gate", config.feedForward(), width);
            linear(layer + "ffn_up", config.feedForward(), width);
            linear(layer + "ffn_down", width, config.feedForward());
        }
    }

    /** Bytes that {@link #load} takes, in addition to the file. */
    public long packedBytes() {
        return found.entrySet()
                .stream()
                .filter(entry -> isPacked(entry.getKey()))
                .mapToLong(entry -> packer.packedBytes(entry.getValue()))
                .sum();
    }

    /** Packs all weights. The engine uses all its cores for each matrix. */
    public Weights load() {
        LayerWeights[] layers = IntStream.range(0, config.layers())
                .parallel()
                .mapToObj(this::layer)
                .toArray(LayerWeights[]::new);
        Linear output = new Linear(new PackedWeight[]{packer.pack(outputName(), tensor(outputName()))},
                new float[][]{vector("output.bias")});
        packer.allPacked();
        return new Weights(tensor("token_embd.weight"), layers, vector("output_norm.weight"), output,
                vector("rope_freqs.weight"), packedBytes());
    }

    private LayerWeights layer(int index) {
        String layer = "blk." + index + ".";
        return new LayerWeights(vector(layer + "attn_norm.weight"),
                pack(layer + "attn_q", layer + "attn_k", layer + "attn_v"), vector(layer + "attn_q_norm.weight"),
                vector(layer + "attn_k_norm.weight"), pack(layer + "attn_output"), vector(layer + "ffn_norm.weight"),
                pack(layer + "ffn_gate", layer + "ffn_up"), pack(layer + "ffn_down"));
    }

    private Linear pack(String... names) {
        PackedWeight[] weights = new PackedWeight[names.length];
        float[][] biases = new float[names.length][];
        for (int i = 0; i < names.length; i++) {
            weights[i] = packer.pack(names[i] + ".weight", tensor(names[i] + ".weight"));
            biases[i] = vector(names[i] + ".bias");
        }
        return new Linear(weights, biases);
    }

    /** A model without an output matrix uses its embedding table as output matrix. */
    private String outputName() {
        return found.containsKey("output.weight") ? "output.weight" : "token_embd.weight";
    }

    private boolean isPacked(String name) {
        return name.equals(outputName())
                || (found.get(name) instanceof Matrix matrix && matrix.rows() > 1 && name.startsWith("blk."));
    }

    private Matrix tensor(String name) {
        Matrix matrix = found.get(name);
        if (matrix == null) {
            throw new IllegalStateException(name + " was not searched");
        }
        return matrix;
    }

    /** The elements of a vector; empty if the file has none. */
    private float[] vector(String name) {
        Matrix matrix = found.get(name);
        if (matrix == null) {
            return new float[0];
        }
        float[] elements = new float[matrix.cols()];
        packer.embed(matrix, 0, elements, 0);
        return elements;
    }

    private void linear(String name, int rows, int cols) {
        require(name + ".weight", rows, cols);
        optional(name + ".bias", 1, rows);
    }

    private void require(String name, int rows, int cols) {
        if (!optional(name, rows, cols)) {
            throw new ModelException(
                    "%s: tensor %s is missing, but architecture %s needs it: convert the model again".formatted(source,
                            name, config.architecture()));
        }
    }

    private boolean optional(String name, int rows, int cols) {
        Matrix matrix = tensors.apply(name);
        if (matrix == null) {
            return false;
        }
        if (matrix.rows() != rows || matrix.cols() != cols) {
            throw new ModelException(
                    "%s: tensor %s has shape %s, but by the metadata it must have %s: convert the model again"
                            .formatted(source, name, shape(matrix.rows(), matrix.cols()), shape(rows, cols)));
        }
        found.put(name, matrix);
        return true;
    }

    private static String shape(int rows, int cols) {
        return rows == 1 ? "[" + cols + "]" : "[" + rows + ", " + cols + "]";
    }
}
