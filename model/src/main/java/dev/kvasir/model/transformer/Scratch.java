package dev.kvasir.model.transformer;

import dev.kvasir.model.config.ModelConfig;

/** The buffers of one layer for up to {@code rows} tokens. */
final class Scratch {
    final int rows;
    final float[] x; // [rows][width], input of a linear operation after its norm
    final float[] q; // [rows][heads][headDim]
    final float[] k; // [rows][kvHeads][headDim]
    final float[] v; // [rows][kvHeads][headDim]
    final float[] o; // [rows][heads][headDim], output of attention
    final float[] delta; // [rows][width], sum to be added to the residual stream
    final float[] gate; // [rows][feedForward]
    final float[] up; // [rows][feedForward]
    final float[][] qkv; // the arrays above, as arguments of linear
    final float[][] gateUp;
    final float[][] toDelta;

    Scratch(ModelConfig config, int rows) {
        this.rows = rows;
        x = floats(rows, config.width());
        q = floats(rows, config.queryWidth());
        k = floats(rows, config.kvWidth());
        v = floats(rows, config.kvWidth());
        o = floats(rows, config.queryWidth());
        delta = floats(rows, config.width());
        gate = floats(rows, config.feedForward());
        up = floats(rows, config.feedForward());
        qkv = new float[][]{q, k, v};
        gateUp = new float[][]{gate, up};
        toDelta = new float[][]{delta};
    }

    /** Bytes of the buffers for {@code rows} tokens. */
    static long bytes(ModelConfig config, int rows) {
        return 4L * rows
                * (2L * config.width() + 2L * config.queryWidth() + 2L * config.kvWidth() + 2L * config.feedForward());
    }

    private static float[] floats(int rows, int width) {
        return new float[Math.multiplyExact(rows, width)];
    }
}
