import java.util.Arrays;
import java.util.Random;

/**
 * Exercise 5: a digest.
 *
 * <p>To learn: a page that leaves the device leaves a digest behind: a few numbers from which the cache estimates the
 * largest product q.k of a query q with any key k of the page. If the estimate is an upper bound, no page that matters is
 * overlooked. The closer it is to the true maximum, the fewer pages are fetched in vain.
 *
 * <p>Task: write a digest of at most 2 * dimensions numbers, and a bound that is never below the true maximum. The digest
 * below is the mean of the keys, whose product with q is below the largest product. Take the smallest box around the
 * keys instead: its lowest and its highest number in each dimension. The product of q with the best corner of this box is
 * the bound.
 *
 * <p>Check: 2000 pages of 16 keys, and some awkward ones. In each key every eighth number is ten times as large as the
 * others: the keys of real models have such dimensions, too. The bound must hold for each page, and its mean distance from the true maximum must
 * be smaller than that of a sphere around the same keys. Run:
 * {@code java -cp runner/target/runner.jar exercises/Exercise5.java}
 *
 * <p>Help: docs/digests.md, class dev.kvasir.kernels.digest.DigestKind. Afterwards: for which keys and queries is the
 * sphere the better bound?
 */
public class Exercise5 {

    // your code begins
    /** The digest of a page. keys: [tokens][dimensions]. */
    static float[] digest(float[][] keys) {
        float[] mean = new float[keys[0].length];
        for (float[] key : keys) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += key[d] / keys.length;
            }
        }
        return mean;
    }

    /** An upper bound of q.k for all keys k of the page. q: [dimensions]. */
    static double bound(float[] digest, float[] q) {
        double bound = 0;
        for (int d = 0; d < q.length; d++) {
            bound += (double) q[d] * digest[d];
        }
        return bound;
    }
    // your code ends

    // The check. Nothing below needs a change.

    static final int PAGES = 2000;
    static final int TOKENS = 16;
    static final int DIMENSIONS = 32;

    public static void main(String[] args) {
        var random = new Random(5);
        double boxSlack = 0;
        double sphereSlack = 0;
        int below = 0;
        double worst = 0;
        for (int page = 0; page < PAGES; page++) {
            float[][] keys = new float[TOKENS][];
            for (int t = 0; t < TOKENS; t++) {
                keys[t] = vector(random, 10);
            }
            float[] q = vector(random, 1);
            double slack = slack(keys, q);
            below += slack < 0 ? 1 : 0;
            worst = Math.min(worst, slack);
            boxSlack += slack / PAGES;
            sphereSlack += (sphere(keys, q) - max(keys, q)) / PAGES;
        }
        if (below > 0) {
            end(1, "Exercise 5 is not solved: on %d of %d pages the bound is below the largest q.k, on one by %.1f."
                    .formatted(below, PAGES, -worst));
        }
        float[] one = vector(random, 10);
        awkward("a page of equal keys", new float[][]{one, one, one}, vector(random, 1), 0);
        awkward("a page of one key", new float[][]{one}, vector(random, 1), 0);
        awkward("a query of zeros", new float[][]{one, vector(random, 10)}, new float[DIMENSIONS], 0);
        awkward("negative keys", new float[][]{filled(-3), filled(-2)}, filled(1), 0);
        awkward("large keys", new float[][]{filled(1e18f), filled(-1e18f)}, filled(1e18f), 0);
        if (boxSlack >= sphereSlack) {
            end(1, "Exercise 5 is not solved: the bound is %.1f above the largest q.k on average, a sphere's %.1f."
                    .formatted(boxSlack, sphereSlack));
        }
        end(0, "Exercise 5 is solved: the bound holds on %d pages and is %.1f above the largest q.k, a sphere's %.1f."
                .formatted(PAGES, boxSlack, sphereSlack));
    }

    static void awkward(String what, float[][] keys, float[] q, double most) {
        double slack = slack(keys, q);
        double scale = 1e-5 * Math.max(1, Math.abs(max(keys, q)));
        if (!(slack >= 0 && slack <= most + scale)) {
            end(1, "Exercise 5 is not solved: for %s the bound is %.3g away from the largest q.k.".formatted(what,
                    slack));
        }
    }

    /** The distance of the bound from the largest product; differences of rounding count as 0. */
    static double slack(float[][] keys, float[] q) {
        float[] digest = digest(keys);
        if (digest.length > 2 * q.length) {
            end(1, "Exercise 5 is not solved: the digest has %d numbers, and %d are allowed.".formatted(digest.length,
                    2 * q.length));
        }
        double max = max(keys, q);
        double slack = bound(digest, q) - max;
        return Math.abs(slack) <= 1e-5 * Math.max(1, Math.abs(max)) ? 0 : slack;
    }

    static double max(float[][] keys, float[] q) {
        return Arrays.stream(keys).mapToDouble(key -> dot(q, key)).max().orElseThrow();
    }

    /** The bound of the sphere around the middle of the box: q.c + r |q|. */
    static double sphere(float[][] keys, float[] q) {
        float[] centre = new float[q.length];
        for (int d = 0; d < q.length; d++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (float[] key : keys) {
                low = Math.min(low, key[d]);
                high = Math.max(high, key[d]);
            }
            centre[d] = (low + high) / 2;
        }
        double radius = 0;
        for (float[] key : keys) {
            double square = 0;
            for (int d = 0; d < q.length; d++) {
                square += Math.pow(key[d] - centre[d], 2);
            }
            radius = Math.max(radius, Math.sqrt(square));
        }
        return dot(q, centre) + radius * Math.sqrt(dot(q, q));
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (double) a[d] * b[d];
        }
        return sum;
    }

    /** Random numbers, of which every eighth is {@code large} times as large. */
    static float[] vector(Random random, int large) {
        float[] vector = new float[DIMENSIONS];
        for (int d = 0; d < DIMENSIONS; d++) {
            vector[d] = (float) random.nextGaussian() * (d % 8 == 0 ? large : 1);
        }
        return vector;
    }

    static float[] filled(float number) {
        float[] vector = new float[DIMENSIONS];
        Arrays.fill(vector, number);
        return vector;
    }

    static void end(int code, String sentence) {
        System.out.println(sentence);
        System.exit(code);
    }
}
