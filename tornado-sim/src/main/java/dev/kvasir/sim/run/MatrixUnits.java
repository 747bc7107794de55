package dev.kvasir.sim.run;

import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Simulates matrix units: 16 x 16 halves times 16 x 8 halves, accumulated in f32. A device distributes both matrices
 * over the threads of a warp. Here each work-item gets whole matrices and computes its own four elements of the result:
 * rows {@code lane / 4} and {@code lane / 4 + 8}, two columns from {@code lane % 4 * 2}. Fragments are opaque, so
 * kernels cannot detect the difference.
 */
public final class MatrixUnits {
    private static final int WARP = 32;
    private static final int SIZE = 16; // rows of A, and the shared dimension of A and B
    private static final int COLUMNS = 8; // of B

    private MatrixUnits() {}

    /** Accumulators. */
    public static float[] mmaFragment(@Nullable KernelContext context, float value, WorkItem item, int site) {
        return new float[]{value, value, value, value};
    }

    /** All of A, {@code [row][k]}. */
    public static HalfFloat[] mmaLoadA(@Nullable KernelContext context, int[] tile, int k, WorkItem item, int site) {
        return unpack(tile, SIZE * k, item, site);
    }

    /** All of B, {@code [k][column]}. */
    public static HalfFloat[] mmaLoadB(@Nullable KernelContext context, int[] tile, int k, WorkItem item, int site) {
        return unpack(tile, k * COLUMNS, item, site);
    }

    private static HalfFloat[] unpack(int[] tile, int count, WorkItem item, int site) {
        var halves = new HalfFloat[count];
        LocalMemory.LocalArray local = item.isChecked() ? item.local.find(tile) : null;
        for (int i = 0; i < count; i++) {
            if (local != null && i % 2 == 0) {
                item.checker().readLocal(local, i / 2, site);
            }
            halves[i] = new HalfFloat((short) (tile[i / 2] >>> 16 * (i % 2)));
        }
        return halves;
    }

    /** The work-item's four elements of {@code A B + C}. */
    public static float[] mma(@Nullable KernelContext context, HalfFloat[] a, HalfFloat[] b, float[] c, MMAShape shape,
            WorkItem item, int site) {
        if (shape != MMAShape.M16N8K16) {
            throw new UnsupportedOperationException(
                    "the simulator's matrix units multiply halves in the shape M16N8K16, not " + shape);
        }
        var d = new float[4];
        for (int i = 0; i < d.length; i++) {
            float sum = c[i];
            for (int k = 0; k < SIZE; k++) {
                sum += a[row(item, i) * SIZE + k].getFloat32() * b[k * COLUMNS + column(item, i)].getFloat32();
            }
            d[i] = sum;
        }
        return d;
    }

    /** Stores the work-item's four elements. */
    public static void mmaStore(@Nullable KernelContext context, float[] d, FloatArray target, int row, int column,
            int columns, WorkItem item, int site) {
        for (int i = 0; i < d.length; i++) {
            int at = (row + row(item, i)) * columns + column + column(item, i);
            if (item.isChecked()) {
                item.checker().write(target, at, site);
            }
            target.set(at, d[i]);
        }
    }

    private static int row(WorkItem item, int i) {
        return item.lane % WARP / 4 + i / 2 * 8;
    }

    private static int column(WorkItem item, int i) {
        return item.lane % 4 * 2 + i % 2;
    }
}
