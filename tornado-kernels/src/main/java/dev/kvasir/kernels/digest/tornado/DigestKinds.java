package dev.kvasir.kernels.digest.tornado;

import dev.kvasir.kernels.digest.DigestKind;

/**
 * {@link DigestKind}s as kernels see them: the ordinal, an {@code int} argument and so a constant by which the compiler
 * leaves only one kind's code in a kernel.
 */
public final class DigestKinds {
    static final int CENTROID = 0;
    static final int SPHERE_MAX = 1;
    static final int SPHERE_CENTER = 2;
    static final int SPHERE_MEAN = 3;
    static final int CUBOID_MAX = 4;
    static final int CUBOID_CENTER = 5;
    static final int CUBOID_MEAN = 6;
    public static final int CUBOID_CORNERS = 7;

    private DigestKinds() {}

    static boolean isSphere(int kind) {
        return kind >= SPHERE_MAX && kind <= SPHERE_MEAN;
    }

    static boolean isCuboid(int kind) {
        return kind >= CUBOID_MAX;
    }

    /** Rows in the first frame of a digest: {@link DigestKind#rows} of all kinds but {@link #CUBOID_CORNERS}. */
    static int rows(int kind, int headDim) {
        return isCuboid(kind) ? 2 * headDim : isSphere(kind) ? headDim + 1 : headDim;
    }

    /** {@link DigestKind#frames}. */
    public static int frames(int kind, int pageSize) {
        return kind == CUBOID_CORNERS ? 1 + (numbersOfBits(pageSize) + 1) / 2 : 1;
    }

    /** {@link DigestKind#numbersOfBits}. */
    static int numbersOfBits(int pageSize) {
        return (pageSize + DigestKind.TOKENS_A_NUMBER - 1) / DigestKind.TOKENS_A_NUMBER;
    }
}
