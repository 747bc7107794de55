package dev.kvasir.model.engine.tornado;

import dev.kvasir.kernels.matrix.tornado.Linear;
import dev.kvasir.kernels.rows.tornado.RmsNorm;
import dev.kvasir.kernels.rows.tornado.Rope;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import dev.kvasir.kvcache.paged.graph.GraphChain;
import dev.kvasir.kvcache.paged.graph.IntTable;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.config.RopePairing;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Adds the part of a layer that uses no pages to graphs: its tasks in their order, and the buffers between them, for up
 * to {@code rows} tokens. {@code states} is the residual stream.
 */
final class LayerTasks {
    private final ModelConfig config;
    private final DeviceWeights weights;
    private final RopeTables rope;
    private final int rows;
    final IntTable active = new IntTable(1, 0); // tokens of this run
    final IntTable positions; // [rows]
    final FloatArray states; // [rows][width]
    final FloatArray x; // [rows][width], input of a product after its norm
    final FloatArray q; // [rows][heads][headDim]
    final FloatArray k; // [rows][kvHeads][headDim]
    final FloatArray v; // [rows][kvHeads][headDim]
    final FloatArray o; // [rows][heads][headDim], output of attention
    final FloatArray gated; // [rows][feedForward]

    LayerTasks(ModelConfig config, DeviceWeights weights, RopeTables rope, int rows) {
        this.config = config;
        this.weights = weights;
        this.rope = rope;
        this.rows = rows;
        positions = new IntTable(rows, 0);
        states = floats(config.width());
        x = floats(config.width());
        q = floats(config.queryWidth());
        k = floats(config.kvWidth());
        v = floats(config.kvWidth());
        o = floats(config.queryWidth());
        gated = floats(config.feedForward());
    }

    private FloatArray floats(int width) {
        return new FloatArray(Math.multiplyExact(rows, width));
    }

    /**
     * Adds: {@code q, k, v = linear(rmsNorm(states))}, with the heads normed if the model norms them, and then turned
     * by RoPE.
     */
    void addQueryKeyValue(GraphChain.Graph graph, int layer) {
        var w = weights.layers()[layer];
        var tasks = graph.tasks();
        graph.keeps(states);
        graph.uploadsOnce(x, q, k, v); // a product may add to the old content
        graph.uploadsOnce(w.attentionNorm(), w.qkvBias(), rope.cos(), rope.sin());
        uses(graph, w.qkv());
        RmsNorm.addTo(tasks, "attnNorm" + layer, active.array(), states, w.attentionNorm(), x, config.width(),
                config.normEpsilon(), rows);
        Linear.queryKeyValue(tasks, "qkv" + layer, active.array(), w.qkv(), w.qkvBias(), x, q, k, v,
                config.queryWidth(), rows);
        if (w.normsHeads()) {
            graph.uploadsOnce(w.queryNorm(), w.keyNorm());
            RmsNorm.addHeadsTo(tasks, "queryNorm" + layer, active.array(), q, w.queryNorm(), config.heads(),
                    config.headDim(), config.normEpsilon(), rows);
            RmsNorm.addHeadsTo(tasks, "keyNorm" + layer, active.array(), k, w.keyNorm(), config.kvHeads(),
                    config.headDim(), config.normEpsilon(), rows);
        }
        if (config.rope().pairing() == RopePairing.INTERLEAVED) {
            Rope.addInterleavedTo(tasks, "rope" + layer, active.array(), positions.array(), rope.cos(), rope.sin(), q,
                    k, config.heads(), config.kvHeads(), config.headDim(), config.rope().dim(), rows);
        } else {
            Rope.addHalvesTo(tasks, "rope" + layer, active.array(), positions.array(), rope.cos(), rope.sin(), q, k,
                    config.heads(), config.kvHeads(), config.headDim(), config.rope().dim(), rows);
        }
    }

    /** Adds: {@code states += linear(o); states += down(silu(gate(x)) * up(x)), x = rmsNorm(states)}. */
    void addOutputAndFeedForward(GraphChain.Graph graph, int layer) {
        var w = weights.layers()[layer];
        var tasks = graph.tasks();
        graph.keeps(states, o);
        graph.uploadsOnce(x, gated);
        graph.uploadsOnce(w.feedForwardNorm());
        uses(graph, w.attentionOutput());
        uses(graph, w.gateUp());
        uses(graph, w.down());
        Linear.addResidual(tasks, "attnOutput" + layer, active.array(), w.attentionOutput(), o, states, rows);
        RmsNorm.addTo(tasks, "ffnNorm" + layer, active.array(), states, w.feedForwardNorm(), x, config.width(),
                config.normEpsilon(), rows);
        Linear.swiGlu(tasks, "gateUp" + layer, active.array(), w.gateUp(), x, gated, rows);
        Linear.addResidual(tasks, "down" + layer, active.array(), w.down(), gated, states, rows);
    }

    /** The first graph that multiplies by a matrix uploads it. */
    static void uses(GraphChain.Graph graph, DeviceMatrix matrix) {
        graph.uploadsOnce(matrix.arrays().toArray());
    }
}
