import java.util.Random;

/**
 * Exercise 6: online softmax.
 *
 * <p>To learn: attention weighs the value v of each token by exp(s), where s is its score, and divides by the sum of the
 * weights. exp(s) of a float overflows for s above 88. The usual way subtracts the largest score first, and so reads the
 * scores twice. The online way reads each once: it keeps the largest score so far, and scales what it has summed whenever
 * a larger one comes. Two such partial results can be merged, so that pages can be attended in any order, and on several
 * processors.
 *
 * <p>Task: a Partial holds the largest score (max), the sum of the weights (sum) and the weighted sum of the values (acc),
 * both relative to max: exp(s - max). Write add, merge and value. What stands there takes exp(s) as it is, and
 * overflows.
 *
 * <p>Check: the results are compared with those of two passes in double, on awkward scores, and merged at each possible
 * place. A score of minus infinity has no weight; if no token has a weight, the value is 0, and never NaN. Run:
 * {@code java -cp runner/target/runner.jar exercises/Exercise6.java}
 *
 * <p>Help: the section "One decode step" of docs/architecture.md says where the cache merges; class
 * dev.kvasir.kernels.attention.reference.PagedAttention does it for vectors.
 */
public class Exercise6 {

    /** The attention to some tokens: the largest score, the sum of weights, the weighted sum of values. */
    record Partial(float max, float sum, float acc) {}

    static final Partial EMPTY = new Partial(Float.NEGATIVE_INFINITY, 0, 0);

    // your code begins
    /** The partial result with one more token. */
    static Partial add(Partial p, float score, float v) {
        float weight = (float) Math.exp(score);
        return new Partial(Math.max(p.max, score), p.sum + weight, p.acc + weight * v);
    }

    /** The partial result of the tokens of both. */
    static Partial merge(Partial a, Partial b) {
        return new Partial(Math.max(a.max, b.max), a.sum + b.sum, a.acc + b.acc);
    }

    /** The attention's result. */
    static float value(Partial p) {
        return p.acc / p.sum;
    }
    // your code ends

    // The check. Nothing below needs a change.

    static final float NONE = Float.NEGATIVE_INFINITY;

    public static void main(String[] args) {
        var random = new Random(6);
        float[] usual = new float[50];
        for (int i = 0; i < usual.length; i++) {
            usual[i] = (float) random.nextGaussian() * 3;
        }
        check("usual scores", usual);
        check("one score", 3);
        check("equal scores", 7, 7, 7, 7);
        check("large scores", 1000, 998, 1001, -1000, 999.5f);
        check("rising scores", 10, 60, 110, 160, 210);
        check("falling scores", 210, 160, 110, 60, 10);
        check("very negative scores", -2000, -2001, -2002);
        check("the largest floats", Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE);
        check("minus infinity first", NONE, NONE, 2, 1);
        check("minus infinity last", 2, 1, NONE, NONE);
        check("nothing but minus infinity", NONE, NONE, NONE);
        check("no scores");
        end(0, "Exercise 6 is solved: 12 rows of scores give the value of two passes, merged at each place.");
    }

    static void check(String what, float... scores) {
        double expected = twoPasses(scores);
        for (int split = 0; split <= scores.length; split++) {
            Partial left = EMPTY;
            Partial right = EMPTY;
            for (int i = 0; i < scores.length; i++) {
                if (i < split) {
                    left = add(left, scores[i], v(i));
                } else {
                    right = add(right, scores[i], v(i));
                }
            }
            for (Partial whole : new Partial[]{merge(left, right), merge(right, left)}) {
                float value = value(whole);
                if (!(Math.abs(value - expected) <= 1e-5)) {
                    end(1, "Exercise 6 is not solved: for %s (%d, merged after %d) the value is %s; it should be %.5f."
                            .formatted(what, scores.length, split, value, expected));
                }
                if (whole.max != max(scores)) {
                    end(1, "Exercise 6 is not solved: for %s the largest score is %s; it should be %s.".formatted(what,
                            whole.max, max(scores)));
                }
            }
        }
    }

    static double twoPasses(float[] scores) {
        double max = max(scores);
        double sum = 0;
        double acc = 0;
        for (int i = 0; i < scores.length; i++) {
            double weight = scores[i] == NONE ? 0 : Math.exp(scores[i] - max);
            sum += weight;
            acc += weight * v(i);
        }
        return sum == 0 ? 0 : acc / sum;
    }

    static float max(float[] scores) {
        float max = NONE;
        for (float score : scores) {
            max = Math.max(max, score);
        }
        return max;
    }

    /** The value of token i, between -1 and 1. */
    static float v(int i) {
        return (float) Math.sin(i + 1);
    }

    static void end(int code, String sentence) {
        System.out.println(sentence);
        System.exit(code);
    }
}
