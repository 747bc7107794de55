package dev.kvasir.kernels.page;

/**
 * The bounding volume that stands for the keys {@code k_t} of a full page, per KV head (ArkVale, NeurIPS 2024, section
 * 5.2). With {@code mx, mn} the element-wise extremes, {@code c = (mx + mn) / 2}, {@code a_t = |c - k_t|} and
 * {@code d_t = ||c - k_t||}:
 *
 * <pre>
 * CENTROID        mean_t k_t             estimate  q.mean
 * SPHERE_MAX      c, r = max_t d_t       estimate  q.c + r ||q||
 * SPHERE_CENTER   c, r = (min d + max d)/2         same
 * SPHERE_MEAN     c, r = mean_t d_t                same
 * CUBOID_MAX      c, r = max_t a_t       estimate  sum_i max(q_i (c+r)_i, q_i (c-r)_i)
 * CUBOID_CENTER   c, r = (min a + max a)/2         same
 * CUBOID_MEAN     c, r = mean_t a_t                same
 * </pre>
 *
 * <p>Stored as {@link #rows} numbers: the centroid; the centre and then the radius; or the upper corner
 * {@code c + r} and then the lower corner {@code c - r}. Every estimate is linear in these rows once the signs of the
 * query are known, so the mean over query heads costs no more than one head.
 */
public enum DigestKind {
    CENTROID,
    SPHERE_MAX,
    SPHERE_CENTER,
    SPHERE_MEAN,
    CUBOID_MAX,
    CUBOID_CENTER,
    CUBOID_MEAN;

    /** Numbers stored for one page and KV head. */
    public int rows(int headDim) {
        return switch (this) {
            case CENTROID -> headDim;
            case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> headDim + 1;
            case CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN -> 2 * headDim;
        };
    }

    /** The name users type: {@code cuboid-mean}. */
    public String optionName() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
