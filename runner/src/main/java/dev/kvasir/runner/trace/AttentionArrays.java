package dev.kvasir.runner.trace;

import dev.kvasir.lab.study.trace.AttentionTrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes {@code attention.npy}, {@code [chosen steps][layers][query heads][tokens]}: the weights that full attention gives
 * to every token, for the queries that the model computed under its policy; 0 for tokens after the query. {@code
 * attention_steps.npy} holds the steps. Step 0 is the last token of the prompt.
 */
public final class AttentionArrays {
    private AttentionArrays() {}

    /**
     * Writes both files.
     *
     * @param steps numbers from 0 to {@code trace.steps()}
     * @throws IOException if they cannot be written, or have more numbers than an array of Java holds
     */
    public static void write(AttentionTrace trace, List<Integer> steps, Path folder) throws IOException {
        var shape = trace.shape();
        int heads = shape.queryHeads();
        int tokens = trace.tokens();
        long size = (long) steps.size() * shape.layers() * heads * tokens;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IOException(
                    "the attention of %d steps to %d tokens has more numbers than a file can have: name fewer with --export-steps"
                            .formatted(steps.size(), tokens));
        }
        float[] weights = new float[(int) size];
        int at = 0;
        for (int step : steps) {
            for (int layer = 0; layer < shape.layers(); layer++) {
                for (int head = 0; head < heads; head++) {
                    weigh(trace, layer, step, head, weights, at);
                    at += tokens;
                }
            }
        }
        NpyFile.write(folder.resolve("attention.npy"), weights, steps.size(), shape.layers(), heads, tokens);
        NpyFile.write(folder.resolve("attention_steps.npy"), steps.stream().mapToInt(Integer::intValue).toArray(),
                steps.size());
    }

    /** {@code softmax_t(q . k_t / sqrt(headDim))} over the tokens that the query sees. */
    private static void weigh(AttentionTrace trace, int layer, int step, int head, float[] weights, int at) {
        var shape = trace.shape();
        int dim = shape.headDim();
        int query = step * trace.queryStride() + head * dim;
        int kvHead = head / (shape.queryHeads() / shape.kvHeads());
        int seen = trace.position(step) + 1;
        double[] logits = new double[seen];
        double top = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < seen; t++) {
            int key = t * trace.keyStride() + kvHead * dim;
            for (int d = 0; d < dim; d++) {
                logits[t] += (double) trace.queries(layer)[query + d] * trace.keys(layer)[key + d];
            }
            logits[t] /= Math.sqrt(dim);
            top = Math.max(top, logits[t]);
        }
        double sum = 0;
        for (int t = 0; t < seen; t++) {
            logits[t] = Math.exp(logits[t] - top);
            sum += logits[t];
        }
        for (int t = 0; t < seen; t++) {
            weights[at + t] = (float) (logits[t] / sum);
        }
    }
}
