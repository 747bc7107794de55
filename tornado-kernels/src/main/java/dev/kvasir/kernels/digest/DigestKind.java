package dev.kvasir.kernels.digest;

import dev.kvasir.kernels.page.PageGeometry;

/**
 * What stands for the keys {@code k_t} of a full page, per KV head: the bounding volumes of ArkVale (NeurIPS 2024,
 * section 5.2) and one more. With {@code mx, mn} the element-wise extremes, {@code c = (mx + mn) / 2}, {@code a_t = |c - k_t|} and
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
 * CUBOID_CORNERS  c, r = mean_t a_t,     estimate  max_t sum_i q_i (c + s_t r)_i
 *                 s_t = sign(k_t - c)
 * </pre>
 *
 * <p>A cuboid is estimated by its best corner, at which hardly ever a key lies. {@code CUBOID_CORNERS} notes, a bit for
 * each key and dimension, which corner of {@code CUBOID_MEAN} every key is next to, and takes the best of those: never
 * more than {@code CUBOID_MEAN} estimates, and much closer. (Of all {@code c + s r} with signs {@code s}, this one is
 * the nearest to the keys in the least-squares sense: their quantisation to one bit.) It does not care how far the
 * dimensions of keys differ in size, or where they are centred.
 *
 * <p>Stored as {@link #rows} numbers: the centroid; the centre and then the radius; or the upper corner
 * {@code c + r} and then the lower corner {@code c - r}, which for {@code CUBOID_CORNERS} are followed by
 * {@code [tokens / 8][headDim]} numbers from 0 to 255, bit {@code t % 8} of which says that {@code k_t >= c}: whole
 * numbers that every storage type holds exactly. But for {@code CUBOID_CORNERS}, every estimate is linear in these rows
 * once the signs of the query are known, so the mean over query heads costs no more than one head.
 */
public enum DigestKind {
    CENTROID,
    SPHERE_MAX,
    SPHERE_CENTER,
    SPHERE_MEAN,
    CUBOID_MAX,
    CUBOID_CENTER,
    CUBOID_MEAN,
    CUBOID_CORNERS;

    /** Tokens whose bits share a number. */
    public static final int TOKENS_A_NUMBER = 8;

    /** Numbers stored for one page and KV head. */
    public int rows(PageGeometry geometry) {
        int headDim = geometry.headDim();
        return switch (this) {
            case CENTROID -> headDim;
            case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> headDim + 1;
            case CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN -> 2 * headDim;
            case CUBOID_CORNERS -> (2 + numbersOfBits(geometry.pageSize())) * headDim;
        };
    }

    /** Frames that the digests of {@code pageSize} pages take: row {@code i} is in frame {@code i / (2 headDim)}. */
    public int frames(PageGeometry geometry) {
        int rowsPerFrame = geometry.digestRows();
        return (rows(geometry) + rowsPerFrame - 1) / rowsPerFrame;
    }

    /** Numbers that hold a bit for each token of a page. */
    public static int numbersOfBits(int pageSize) {
        return (pageSize + TOKENS_A_NUMBER - 1) / TOKENS_A_NUMBER;
    }

    /** The name users type: {@code cuboid-mean}. */
    public String optionName() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
