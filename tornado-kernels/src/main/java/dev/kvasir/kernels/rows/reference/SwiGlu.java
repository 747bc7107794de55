package dev.kvasir.kernels.rows.reference;

/** The gate of a feed-forward layer: {@code silu(g) u} with {@code silu(g) = g / (1 + exp(-g))}. */
public final class SwiGlu {

    private SwiGlu() {}

    /** {@code gate_i = silu(gate_i) up_i}; the exponential is in double. */
    public static void apply(float[] gate, int gateAt, float[] up, int upAt, int n) {
        for (int i = 0; i < n; i++) {
            float g = gate[gateAt + i];
            gate[gateAt + i] = (float) (g / (1 + Math.exp(-g))) * up[upAt + i];
        }
    }
}
