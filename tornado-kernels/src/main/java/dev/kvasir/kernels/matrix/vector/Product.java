package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.machine.NibbleDot;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.RowDot;
import dev.kvasir.kernels.simd.Lanes;
import org.jspecify.annotations.Nullable;

/**
 * How one worker multiplies weights of one packed layout with the vectors of a few tokens. {@link MatVec} makes it when it
 * first meets the layout, so nothing is chosen while weights are read.
 */
abstract sealed class Product permits Product.Rows, Product.FourGroups, PairProduct {
    private final int groups;

    Product(int groups) {
        this.groups = groups;
    }

    /**
     * The best product for weights of this layout on this machine.
     *
     * @param layout none for f32
     * @param rounded whether activations are rounded to whole numbers for it ({@link Activation#isWhole})
     * @param machineCode whether it may be machine code for rounded activations
     */
    static Product of(@Nullable PackLayout layout, boolean rounded, boolean machineCode, int maxTokens) {
        if (layout == null) {
            return new Rows();
        }
        if (machineCode) {
            return new FourGroups();
        }
        return switch (layout.header()) {
            case SCALE -> ScaledProduct.of(layout, rounded, maxTokens);
            case SCALE_MIN -> new ScaleMinProduct(layout, maxTokens);
            case SUPER_MIN, SUPER_HALF -> SuperProduct.of(layout, rounded, maxTokens);
            case NONE -> new HalfProduct(layout, maxTokens);
        };
    }

    /** Groups of 32 rows that are walked side by side, but for the last ones of a matrix. */
    final int groups() {
        return groups;
    }

    /** Whether weights are multiplied by machine code. */
    boolean isMachineCode() {
        return false;
    }

    /** Derives the form of the activations that it multiplies weights with. */
    abstract void prepare(Activation x);

    /** Multiplies {@link #groups} groups, or those that are left: {@code y[t * rows + r]}. */
    abstract void multiply(PackedMatrix w, int group, Activation x, float[] y);

    /** Weights in f32, which are not packed. */
    static final class Rows extends Product {
        private final float[] lanes = new float[Lanes.FLOATS.length()];

        Rows() {
            super(1);
        }

        @Override
        void prepare(Activation x) {}

        @Override
        void multiply(PackedMatrix w, int group, Activation x, float[] y) {
            int last = Math.min(w.rows(), (group + 1) * PackLayout.ROWS);
            int stride = x.blocks() * Activation.BLOCK;
            for (int row = group * PackLayout.ROWS; row < last; row++) {
                for (int t = 0; t < x.tokens(); t++) {
                    y[t * w.rows() + row] = RowDot.dot(w.source(), row, x.values, t * stride, lanes);
                }
            }
        }
    }

    /** Weights of Q4_0 by machine code. */
    static final class FourGroups extends Product {
        private final NibbleDot nibbleDot = new NibbleDot();

        FourGroups() {
            super(NibbleDot.GROUPS);
        }

        @Override
        boolean isMachineCode() {
            return true;
        }

        @Override
        void prepare(Activation x) {
            x.prepareBytes();
        }

        @Override
        void multiply(PackedMatrix w, int group, Activation x, float[] y) {
            for (int t = 0; t < x.tokens(); t++) {
                nibbleDot.multiply(w, group, x, t, y, t * w.rows());
            }
        }
    }
}
