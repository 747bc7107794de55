package dev.kvasir.model.engine;

import dev.kvasir.kernels.matrix.vector.MatMul;
import dev.kvasir.kernels.matrix.vector.MatVec;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.rows.vector.Add;
import dev.kvasir.kernels.rows.vector.Embedding;
import dev.kvasir.kernels.rows.vector.RmsNorm;
import dev.kvasir.kernels.rows.vector.Rope;
import dev.kvasir.kernels.rows.vector.SwiGlu;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.config.RopePairing;
import dev.kvasir.model.repack.RepackCache;
import dev.kvasir.model.transformer.Ops;
import dev.kvasir.model.transformer.PackedWeight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The operations with Vector API kernels on packed matrices. */
final class VectorOps implements Ops {
    /** Up to this number of tokens every weight is read once; for more tokens a blocked product is faster. */
    private static final int FEW_TOKENS = 8;

    /**
     * Up to this number of elements, which is more than one token has, distributing the work costs more than it saves.
     */
    private static final int FEW_ELEMENTS = 1 << 16;

    /** A matrix in the kernels' own form. */
    private record Packed(PackedMatrix matrix, long bytes) implements PackedWeight {
        @Override
        public int rows() {
            return matrix.rows();
        }

        @Override
        public int cols() {
            return matrix.cols();
        }
    }

    private final Workers workers;
    private final ActivationType activations;
    private final MatVec matVec;
    private final MatMul matMul;
    private final SwiGlu[] swiGlus; // one for each worker
    private final List<PackedMatrix> packed = new ArrayList<>();
    private final PackedMatrix[][] sets = {{}, new PackedMatrix[1], new PackedMatrix[2], new PackedMatrix[3]};
    private @Nullable RepackCache repacked;
    private Activation input = new Activation(1, 1);
    private int widest = 1;

    VectorOps(Workers workers, ActivationType activations) {
        this.workers = workers;
        this.activations = activations;
        matMul = new MatMul(workers, activations == ActivationType.INT8);
        matVec = new MatVec(workers, FEW_TOKENS);
        swiGlus = new SwiGlu[workers.size()];
        Arrays.setAll(swiGlus, i -> new SwiGlu());
    }

    /** From now on takes packed weights from a cache, or stores them in it. Closing the operations closes the cache. */
    void use(RepackCache cache) {
        repacked = cache;
    }

    /** The types of the weights packed. */
    synchronized Set<TensorType> weightTypes() {
        return packed.stream().map(PackedMatrix::type).collect(Collectors.toSet());
    }

    @Override
    public PackedWeight pack(String name, Matrix matrix) {
        RepackCache cache = repacked;
        PackedMatrix form = cache == null ? PackedMatrix.pack(matrix, workers) : cache.pack(name, matrix);
        keep(form);
        return new Packed(form, packedBytes(matrix));
    }

    @Override
    public void allPacked() {
        if (repacked != null) {
            repacked.keep();
        }
    }

    private synchronized void keep(PackedMatrix form) {
        packed.add(form);
        if (form.cols() > widest) {
            widest = form.cols();
            input = new Activation(FEW_TOKENS, widest, activations);
        }
    }

    @Override
    public long packedBytes(Matrix matrix) {
        return PackedMatrix.packedBytes(matrix);
    }

    @Override
    public void embed(Matrix table, int token, float[] out, int offset) {
        Embedding.row(table, token, out, offset);
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, int rows, float[] weight, float epsilon, float[] out, int outOffset) {
        int n = weight.length;
        for (int r = 0; r < rows; r++) {
            RmsNorm.apply(x, xOffset + r * n, weight, epsilon, out, outOffset + r * n, n);
        }
    }

    @Override
    public void linear(PackedWeight[] weights, float[] x, int xOffset, int tokens, float[][] y) {
        PackedMatrix[] set = sets[weights.length];
        for (int i = 0; i < set.length; i++) {
            set[i] = ((Packed) weights[i]).matrix();
        }
        if (tokens > FEW_TOKENS) {
            matMul.multiply(x, xOffset, tokens, set, y);
            return;
        }
        int cols = set[0].cols();
        input.set(x, xOffset, cols, tokens, cols);
        matVec.multiply(input, set, y);
    }

    @Override
    public void rope(RopePairing pairing, float[] x, int tokens, int heads, int headDim, float[] cos, float[] sin,
            int angleOffset, int rotaryDim) {
        for (int t = 0; t < tokens; t++) {
            int at = t * heads * headDim;
            int angle = angleOffset + t * rotaryDim / 2;
            switch (pairing) {
                case INTERLEAVED -> Rope.interleaved(x, at, heads, headDim, rotaryDim, cos, sin, angle);
                case HALVES -> Rope.halves(x, at, heads, headDim, rotaryDim, cos, sin, angle);
            }
        }
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int n) {
        if (n <= FEW_ELEMENTS) {
            swiGlus[0].apply(gate, 0, up, 0, n);
        } else {
            workers.forEachRange(n, FEW_ELEMENTS,
                    (worker, from, to) -> swiGlus[worker].apply(gate, from, up, from, to - from));
        }
    }

    @Override
    public void add(float[] x, int xOffset, float[] y, int n) {
        Add.apply(x, xOffset, y, 0, n);
    }

    @Override
    public void close() {
        packed.forEach(PackedMatrix::close);
        if (repacked != null) {
            repacked.close();
        }
    }
}
