package dev.kvasir.model.engine.tornado;

import dev.kvasir.kernels.choice.tornado.Argmax;
import dev.kvasir.kernels.matrix.tornado.Linear;
import dev.kvasir.kernels.rows.tornado.RmsNorm;
import dev.kvasir.kvcache.paged.graph.GraphChain;
import dev.kvasir.kvcache.paged.graph.IntTable;
import dev.kvasir.model.config.ModelConfig;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The tasks after the last layer: logits, which stay on the device until the host requests them, and the most likely
 * tokens.
 */
final class LogitTasks {
    private final ModelConfig config;
    private final DeviceWeights weights;
    final FloatArray logits; // [rows][vocabulary]
    final IntTable chosen; // [rows]
    private final FloatArray values; // [rows][parts], scratch
    private final IntArray indices; // [rows][parts], scratch

    LogitTasks(ModelConfig config, DeviceWeights weights, int rows) {
        this.config = config;
        this.weights = weights;
        logits = new FloatArray(Math.multiplyExact(rows, config.vocabulary()));
        chosen = new IntTable(rows, 0);
        values = new FloatArray(rows * Argmax.PARTS);
        indices = new IntArray(rows * Argmax.PARTS);
    }

    /** Adds: {@code logits = linear(rmsNorm(states))} of up to {@code rows} tokens, and the largest of each row. */
    void addTo(GraphChain.Graph graph, IntTable active, FloatArray states, FloatArray x, int rows) {
        var tasks = graph.tasks();
        graph.keeps(x, values, indices);
        graph.uploadsOnce(weights.outputNorm(), logits); // a product may add to the old content
        LayerTasks.uses(graph, weights.output());
        RmsNorm.addTo(tasks, "outputNorm", active.array(), states, weights.outputNorm(), x, config.width(),
                config.normEpsilon(), rows);
        Linear.store(tasks, "output", active.array(), weights.output(), x, logits, rows);
        Argmax.addTo(tasks, "argmax", active.array(), logits, values, indices, chosen.array(), config.vocabulary(),
                rows);
        graph.downloads(chosen.array());
    }
}
