package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.machine.NibbleDot;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Matrices times one token's vector, or those of a few tokens: {@code y[t] = W x[t]}. Weights are read once for all
 * tokens, and a token's result is bit for bit the same with any other tokens beside it. The {@link Product} for the weights
 * of a layout is chosen when the first such matrix comes, with its scratch memory: later products allocate nothing.
 *
 * <p>One product runs at a time.
 */
public final class MatVec {

    private static final int FORMS = 4; // room for the products of one layout

    // Pieces of about this many bytes are claimed one after the other: small enough that uneven cores end together.
    private static final long PIECE_BYTES = 64 << 10;

    private final Workers workers;
    private final boolean machineCode;
    private final int maxTokens;
    private final Product[] @Nullable [] products = new Product[FORMS * PackLayout.values().length][];
    private final Workers.RangeTask task = this::parts;

    private Activation x;
    private PackedMatrix[] matrices = new PackedMatrix[0];
    private float[][] results = new float[0][];
    private int[] firstPart = new int[8];
    private Product[][] chosen = new Product[8][]; // for each matrix, one for each worker
    private final PackedMatrix[] single = new PackedMatrix[1];
    private final float[][] singleResult = new float[1][];

    /** @param maxTokens tokens of one product at most */
    public MatVec(Workers workers, int maxTokens) {
        this(workers, maxTokens, true);
    }

    /** @param machineCode whether to use it where there is some */
    public MatVec(Workers workers, int maxTokens, boolean machineCode) {
        this.workers = workers;
        this.machineCode = machineCode;
        this.x = new Activation(1, Activation.BLOCK);
        this.maxTokens = maxTokens;
    }

    /**
     * Whether weights of this type meet the vector of one token in machine code on this machine.
     *
     * @param activations what 4-bit weights are multiplied with
     */
    public static boolean runsMachineCode(TensorType type, ActivationType activations) {
        PackLayout layout = PackLayout.of(type);
        boolean rounded = layout != null && layout.isRounded(activations);
        boolean inCode = layout != null && rounded && NibbleDot.takes(layout, PackLayout.CHUNK);
        return Product.of(layout, rounded, inCode, 1).isMachineCode();
    }

    /**
     * Multiplies one matrix: {@code y[t * rows + r]}.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public void multiply(Activation x, PackedMatrix w, float[] y) {
        single[0] = w;
        singleResult[0] = y;
        multiply(x, single, singleResult);
    }

    /**
     * Multiplies several matrices with the same input, in one hand-off to the workers: {@code ys[i][t * rows_i + r]}.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public void multiply(Activation x, PackedMatrix[] ws, float[][] ys) {
        if (firstPart.length <= ws.length) {
            firstPart = new int[ws.length + 1];
            chosen = new Product[ws.length][];
        }
        this.x = x;
        int parts = 0;
        long bytes = 0;
        for (int i = 0; i < ws.length; i++) {
            check(x, ws[i], ys[i]);
            chosen[i] = products(ws[i]);
            Product product = chosen[i][0];
            product.prepare(x);
            firstPart[i] = parts;
            parts += (ws[i].groups() + product.groups() - 1) / product.groups();
            bytes += ws[i].bytesRead();
        }
        firstPart[ws.length] = parts;
        this.matrices = ws;
        this.results = ys;
        int grain = (int) Math.clamp(PIECE_BYTES * parts / Math.max(1, bytes), 1, Math.max(1, parts));
        workers.forEachRange(parts, grain, task);
    }

    private void check(Activation x, PackedMatrix w, float[] y) {
        if (x.cols() != w.cols() || x.tokens() > maxTokens || y.length < (long) x.tokens() * w.rows()) {
            throw new IllegalArgumentException(
                    "%d x %d weights do not fit %d vectors of %d elements with room for %d results of %d tokens"
                            .formatted(
                                    w.rows(), w.cols(), x.tokens(), x.cols(), y.length, maxTokens));
        }
    }

    // Called before workers begin: the products of all workers for weights of this layout, made at the first call.
    private Product[] products(PackedMatrix w) {
        PackLayout layout = w.layout();
        boolean rounded = layout != null && x.isWhole(layout);
        boolean inCode = layout != null && rounded && machineCode && NibbleDot.takes(layout, w.cols());
        int key = layout == null ? 0 : FORMS * layout.ordinal() + (inCode ? 3 : rounded ? 2 : 1);
        Product[] products = this.products[key];
        if (products == null) {
            products = new Product[workers.size()];
            for (int i = 0; i < products.length; i++) {
                products[i] = Product.of(layout, rounded, inCode, maxTokens);
            }
            this.products[key] = products;
        }
        return products;
    }

    private void parts(int worker, int from, int to) {
        int m = 0;
        for (int part = from; part < to; part++) {
            while (part >= firstPart[m + 1]) {
                m++;
            }
            Product product = chosen[m][worker];
            product.multiply(matrices[m], product.groups() * (part - firstPart[m]), x, results[m]);
        }
    }
}
